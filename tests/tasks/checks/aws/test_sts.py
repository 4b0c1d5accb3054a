from pathlib import Path

import pytest
from botocore.exceptions import NoCredentialsError, NoRegionError

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

IDENTITY, REGION = "aws.sts.identity", "aws.sts.region_selected"
CALLER = {"sts.get_caller_identity": {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/release"}}
OURS, OTHERS = {"account": "123456789012"}, {"account": "210987654321"}
EXPIRED = aws_error("ExpiredToken", "The security token included in the request is expired", 403)
VIRGINIA, IRELAND = {"region": "us-east-1"}, {"region": "eu-west-1"}

CASES = [
    Case("the wished account", IDENTITY, OURS, Status.PASSED, "of account 123456789012", CALLER),
    Case("any account will do", IDENTITY, {}, Status.PASSED, "user/release", CALLER),
    Case("another account", IDENTITY, OTHERS, Status.FAILED, "wanted account 210987654321", CALLER),
    Case("expired credentials", IDENTITY, OURS, Status.UNKNOWN, "ExpiredToken", {"sts.get_caller_identity": EXPIRED}),
    Case("no credentials", IDENTITY, {}, Status.UNKNOWN,
         "No AWS credentials", {"sts.get_caller_identity": NoCredentialsError()}),
    Case("denied", IDENTITY, {}, Status.UNKNOWN, "AccessDenied", {"sts.get_caller_identity": DENIED}),
    Case("answer without an account", IDENTITY, {}, Status.UNKNOWN, "no field", {"sts.get_caller_identity": {}}),
    Case("the wished region", REGION, VIRGINIA, Status.PASSED, "'us-east-1'"),
    Case("another region", REGION, IRELAND, Status.FAILED, "'us-east-1', wanted 'eu-west-1'"),
    Case("no region at all", REGION, VIRGINIA, Status.UNKNOWN, "set AWS_DEF", {"cloudformation.connect": NoRegionError()}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary


def test_the_identity_is_told_to_later_items(tmp_path: Path) -> None:
    facts = Case("", IDENTITY, {}, Status.PASSED, "", CALLER).verdict(tmp_path).facts

    assert facts == {"account": "123456789012", "arn": "arn:aws:iam::123456789012:user/release"}
