from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import Case

VERSION, ENVIRONMENT = "tool.version", "tool.virtual_environment"


def says(text: str, status: int = 0) -> dict[str, str]:
    return {"tool": f"#!/bin/sh\necho '{text}'\nexit {status}\n"}


def at_least(minimum: str) -> dict[str, str]:
    return {"tool": "./tool", "minimum": minimum}


def environment(answer: str, status: int = 0) -> dict[str, str]:
    return {".venv/pyvenv.cfg": "home = /usr/bin\n", ".venv/bin/python": f"#!/bin/sh\necho '{answer}'\nexit {status}\n"}


CASES = [
    Case("newer", VERSION, at_least("18"), Status.PASSED, "./tool is 18.20.4", files=says("v18.20.4")),
    Case("exactly the minimum", VERSION, at_least("3.11.0"), Status.PASSED, "3.11", files=says("Python 3.11")),
    Case("ten is more than nine", VERSION, at_least("1.9"), Status.PASSED, "1.10", files=says("1.10.0")),
    Case("one short of the minimum", VERSION, at_least("3.11"), Status.FAILED, "3.10.14, wanted", files=says("Python 3.10.14")),
    Case("old", VERSION, at_least("18"), Status.FAILED, "16.20.2, wanted at least 18", files=says("v16.20.2")),
    Case("any version will do", VERSION, at_least(""), Status.PASSED, "2.1148.1", files=says("2.1148.1 (build 0)")),
    Case(
        "version after a slash", VERSION, at_least("2"), Status.PASSED, "2.15.30", files=says("aws-cli/2.15.30 Python/3.11.6")
    ),
    Case("version without dots", VERSION, at_least("18"), Status.PASSED, "is 18", files=says("node v18")),
    Case("prints no version", VERSION, at_least("18"), Status.UNKNOWN, "printed no version", files=says("hello")),
    Case("prints nothing", VERSION, at_least(""), Status.UNKNOWN, "it printed nothing", files={"tool": "#!/bin/sh\n"}),
    Case(
        "minimum is no version", VERSION, at_least("eighteen"), Status.UNKNOWN, "no version to compare", files=says("v18.0.0")
    ),
    Case("does not run", VERSION, at_least("18"), Status.FAILED, "ended with 3", files=says("18.0.0", 3)),
    Case("not in the checkout", VERSION, at_least("18"), Status.FAILED, "`./tool` is not in"),
    Case("not on the PATH", VERSION, {"tool": "no-such-tool"}, Status.FAILED, "`no-such-tool` is not on the PATH"),
    Case("is no program", VERSION, at_least("18"), Status.UNKNOWN, "cannot be run", files={"tool": "18.0.0"}),
    Case(
        "asked by another word",
        VERSION,
        {"tool": "./tool", "arguments": ["version"]},
        Status.PASSED,
        "1.32.1",
        files={"tool": '#!/bin/sh\necho "$1 v1.32.1"\n'},
    ),
    Case("there and alive", ENVIRONMENT, {}, Status.PASSED, "inside 3.11.7", files=environment("inside 3.11.7")),
    Case(
        "the system's Python in its place", ENVIRONMENT, {}, Status.FAILED, "lacks inside", files=environment("outside 3.11.7")
    ),
    Case("its Python is broken", ENVIRONMENT, {}, Status.FAILED, "ended with 1", files=environment("ImportError", 1)),
    Case("its Python is gone", ENVIRONMENT, {}, Status.FAILED, "`.venv/bin/python` is not in", files={".venv/pyvenv.cfg": "x"}),
    Case("not there", ENVIRONMENT, {}, Status.FAILED, "no file '.venv/pyvenv.cfg'"),
    Case("outside the checkout", ENVIRONMENT, {"directory": "../.venv"}, Status.UNKNOWN, "leads out of the workspace"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
