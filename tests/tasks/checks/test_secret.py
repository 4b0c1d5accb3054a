from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case

SET, STRONG, CLEAN = "secret.set", "secret.strong_enough", "secret.not_in_files"
VALUE, OTHER = "kQ9v2LxZ7mB4nR8sT1wY5uE3pA6dF0gH", "zW3c8VbN1mK5jH7gF2dS9aP4oI6uY0tR"
PLACE = "file:.env#JWT"


def env(value: str = VALUE, more: str = "") -> dict[str, str]:
    return {".env": f"JWT={value}\n{more}"}


def named(*references: str, **more: Any) -> dict[str, Any]:
    return {"references": list(references), **more}


LOOK = named(PLACE, paths=["shop"])
CASES = [
    Case("set", SET, named(PLACE), Status.PASSED, f"{PLACE} is set, with 32 characters", files=env()),
    Case("empty", SET, named(PLACE), Status.FAILED, "is not set", files=env("")),
    Case("no file", SET, named(PLACE), Status.FAILED, "is not there"),
    Case("denied", SET, named("aws-secret:shop"), Status.UNKNOWN, "AccessDenied", {"secretsmanager.get_secret_value": DENIED}),
    Case("typed in", SET, named(VALUE), Status.UNKNOWN, "named by a reference"),
    Case("none named", SET, named(), Status.UNKNOWN, "No secret was found"),
    Case("strong", STRONG, named(PLACE), Status.PASSED, "strong enough", files=env()),
    Case("too short", STRONG, named(PLACE, length=33), Status.FAILED, "has 32 characters", files=env()),
    Case("a placeholder", STRONG, named(PLACE), Status.FAILED, "placeholder", files=env("change-me" + VALUE)),
    Case(
        "used twice",
        STRONG,
        named(PLACE, "file:.env#KEY"),
        Status.FAILED,
        f"is the same as {PLACE}",
        files=env(more=f"KEY={VALUE}\n"),
    ),
    Case("two strong ones", STRONG, named(PLACE, "file:.env#KEY"), Status.PASSED, "2 in all", files=env(more=f"KEY={OTHER}\n")),
    Case("denied", STRONG, named("aws-parameter:/jwt"), Status.UNKNOWN, "AccessDenied", {"ssm.get_parameter": DENIED}),
    Case("nowhere else", CLEAN, LOOK, Status.PASSED, "among 1", files=env() | {"shop/app.py": "import os"}),
    Case(
        "in the code",
        CLEAN,
        LOOK,
        Status.FAILED,
        f"{PLACE} in shop/a/app.py",
        files=env() | {"shop/a/app.py": f"k = '{VALUE}'"},
    ),
    Case(
        "where it belongs",
        CLEAN,
        named("file:shop/.env#JWT", paths=["shop"]),
        Status.PASSED,
        "among 2",
        files={"shop/.env": f"JWT={VALUE}", "shop/a": ""},
    ),
    Case("too short to look for", CLEAN, LOOK, Status.FAILED, "has fewer than 8", files=env("tiny-1") | {"shop/a": "tiny-1"}),
    Case("no files", CLEAN, LOOK, Status.UNKNOWN, "Nothing was there", files=env() | {"shop/.git/HEAD": ""}),
    Case("no folder", CLEAN, LOOK, Status.FAILED, "no 'shop'", files=env()),
    Case("in a large file", CLEAN, LOOK, Status.FAILED, "in shop/log", files=env() | {"shop/log": "x" * 1_000_001 + VALUE}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
