from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

EXIST, SEALED, CHANGED, STRONG = (
    f"aws.ssm.{name}" for name in ("parameters_exist", "encrypted", "changed_within", "values_strong")
)
NAMES = {"names": ["/app/JWT"]}
UNREAD = {"ssm.describe_parameters": DENIED}
LONG = "kQ9v2LxZ7mB4nR8sT1wY5uE3pA6dF0gH"


def parameter(**fields: Any) -> dict[str, Any]:
    found = {"Name": "/app/JWT", "Type": "SecureString", "KeyId": "alias/app"} | fields
    return {"ssm.describe_parameters": {"Parameters": [found]}}


def changed(days: float) -> dict[str, Any]:
    return parameter(LastModifiedDate=datetime.now(UTC) - timedelta(days=days))


def value(text: str) -> dict[str, Any]:
    return {"ssm.get_parameter": {"Parameter": {"Type": "SecureString", "Value": text}}}


EMPTY: dict[str, Any] = {"ssm.describe_parameters": {"Parameters": []}}
CASES = [
    Case("there", EXIST, NAMES, Status.PASSED, "exists as SecureString", parameter()),
    Case("empty account", EXIST, NAMES, Status.FAILED, "no parameter named", EMPTY),
    Case("only a longer name", EXIST, NAMES, Status.FAILED, "no parameter named", parameter(Name="/app/JWT2")),
    Case("none named", EXIST, {"names": []}, Status.UNKNOWN, "nothing could be judged", EMPTY),
    Case("denied", EXIST, NAMES, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("sealed", SEALED, NAMES, Status.PASSED, "sealed by alias/app", parameter()),
    Case("sealed by the key", SEALED, NAMES | {"key": "alias/app"}, Status.PASSED, "sealed by", parameter()),
    Case("sealed by another key", SEALED, NAMES | {"key": "alias/other"}, Status.FAILED, "wanted alias/other", parameter()),
    Case("plain", SEALED, NAMES, Status.FAILED, "is a String", parameter(Type="String")),
    Case("not there", SEALED, NAMES, Status.FAILED, "no parameter named", EMPTY),
    Case("denied", SEALED, NAMES, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("just in time", CHANGED, NAMES | {"days": 90}, Status.PASSED, "days ago", changed(89.9)),
    Case("too long ago", CHANGED, NAMES | {"days": 90}, Status.FAILED, "wanted at most 90 days ago", changed(90.1)),
    Case("not there", CHANGED, NAMES | {"days": 90}, Status.FAILED, "no parameter named", EMPTY),
    Case("no date", CHANGED, NAMES | {"days": 90}, Status.UNKNOWN, "LastModifiedDate", parameter()),
    Case("denied", CHANGED, NAMES | {"days": 90}, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("long enough", STRONG, NAMES | {"shortest": 32}, Status.PASSED, "has a value", value(LONG)),
    Case("too short", STRONG, NAMES | {"shortest": 33}, Status.FAILED, "has 32 characters", value(LONG)),
    Case("placeholder", STRONG, NAMES, Status.FAILED, "placeholder", value("CHANGE_ME_IN_PRODUCTION")),
    Case("not there", STRONG, NAMES, Status.FAILED, "ParameterNotFound", {"ssm.get_parameter": aws_error("ParameterNotFound")}),
    Case("denied", STRONG, NAMES, Status.UNKNOWN, "AccessDenied", {"ssm.get_parameter": DENIED}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
    assert LONG not in verdict.summary
