from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

ENABLED, ROTATED = "aws.kms.keys_enabled", "aws.kms.rotation_on"
KEYS = {"keys": ["alias/app"]}
GONE = {"kms.describe_key": aws_error("NotFoundException", "Alias arn:aws:kms:…:alias/app is not found.")}
UNREAD = {"kms.describe_key": DENIED}


def key(state: str = "Enabled", manager: str = "CUSTOMER") -> dict[str, Any]:
    return {"kms.describe_key": {"KeyMetadata": {"KeyId": "1", "KeyState": state, "KeyManager": manager}}}


def rotation(*, on: bool, **period: int) -> dict[str, Any]:
    return key() | {"kms.get_key_rotation_status": {"KeyRotationEnabled": on} | period}


CASES = [
    Case("enabled", ENABLED, KEYS, Status.PASSED, "'Enabled'", key()),
    Case("waits for its deletion", ENABLED, KEYS, Status.FAILED, "'PendingDeletion'", key("PendingDeletion")),
    Case("of AWS", ENABLED, KEYS, Status.FAILED, "managed by AWS", key(manager="AWS")),
    Case("of AWS, and that is well", ENABLED, KEYS | {"customer_managed": False}, Status.PASSED, "Enabled", key(manager="AWS")),
    Case("not there", ENABLED, KEYS, Status.FAILED, "not found", GONE),
    Case("none named", ENABLED, {"keys": []}, Status.UNKNOWN, "nothing could be judged", key()),
    Case("denied", ENABLED, KEYS, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("rotated yearly", ROTATED, KEYS, Status.PASSED, "365 days", rotation(on=True)),
    Case("just often enough", ROTATED, KEYS | {"at_most_days": 90}, Status.PASSED,
         "90", rotation(on=True, RotationPeriodInDays=90)),
    Case("too seldom", ROTATED, KEYS | {"at_most_days": 90}, Status.FAILED, "91 d", rotation(on=True, RotationPeriodInDays=91)),
    Case("not rotated", ROTATED, KEYS, Status.FAILED, "is not rotated", rotation(on=False)),
    Case("cannot be rotated", ROTATED, KEYS, Status.UNKNOWN, "UnsupportedOperation",
         key() | {"kms.get_key_rotation_status": aws_error("UnsupportedOperationException")}),
    Case("not there", ROTATED, KEYS, Status.FAILED, "not found", GONE),
    Case("denied", ROTATED, KEYS, Status.UNKNOWN, "AccessDenied", UNREAD),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
