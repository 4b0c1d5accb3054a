import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

IN_USE, EXIST, ROTATED, CHANGED, SEALED, STRONG, POLICY, READABLE, UNREADABLE = (
    f"aws.secretsmanager.{name}"
    for name in (
        "in_use", "secrets_exist", "rotation_on", "changed_within", "encrypted_with", "values_strong", "policy_restricted",
        "readable_by", "unreadable_by",
    )
)  # fmt: skip
ONE = {"secrets": ["jira"]}
TWO = {"secrets": ["jira", "slack"]}
LONG = "kQ9v2LxZ7mB4nR8sT1wY5uE3pA6dF0gH"
OTHER = LONG[::-1]
APP = "arn:aws:iam::123456789012:role/app"
WHO = ONE | {"principals": ["role/app"]}
LISTED = ONE | {"principals": [APP]}
NOT_THERE = aws_error("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
UNREAD = {"secretsmanager.describe_secret": DENIED}
GONE = {"secretsmanager.describe_secret": NOT_THERE}


def secret(**fields: Any) -> dict[str, Any]:
    found = {"ARN": "arn:aws:secretsmanager:us-east-1:1:secret:jira-AbCdEf", "VersionIdsToStages": {"1": ["AWSCURRENT"]}}
    return {"secretsmanager.describe_secret": found | fields}


def version(days: float, stage: str = "AWSCURRENT") -> dict[str, Any]:
    found = {"VersionStages": [stage], "CreatedDate": datetime.now(UTC) - timedelta(days=days)}
    return {"secretsmanager.list_secret_version_ids": {"Versions": [{"VersionStages": []}, found]}}


def values(**texts: str) -> dict[str, Any]:
    return {"secretsmanager.get_secret_value": lambda **asked: {"SecretString": texts[asked["SecretId"]]}}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    text = {"ResourcePolicy": json.dumps({"Statement": statements})} if statements else {}
    return {"secretsmanager.get_resource_policy": text}


def lets_in(principal: Any, effect: str = "Allow") -> dict[str, Any]:
    return {"Effect": effect, "Principal": principal, "Action": "secretsmanager:GetSecretValue", "Resource": "*"}


def decides(decision: str) -> dict[str, Any]:
    found = {"EvalActionName": "secretsmanager:GetSecretValue", "EvalDecision": decision}
    return secret() | {
        "sts.get_caller_identity": {"Account": "123456789012", "Arn": "arn:aws:sts::123456789012:assumed-role/x/y"},
        "iam.simulate_principal_policy": {"EvaluationResults": [found]},
    }


JSON = json.dumps({"token": LONG, "user": "ann"})
PERIOD = {"RotationEnabled": True, "RotationRules": {"AutomaticallyAfterDays": 90}}
CASES = [
    Case("secrets there", IN_USE, {}, Status.PASSED,
         "1 secrets", {"secretsmanager.list_secrets": {"SecretList": [{"Name": "a"}]}}),
    Case("no secret", IN_USE, {"prefix": "app/"}, Status.UNKNOWN,
         "no secret", {"secretsmanager.list_secrets": {"SecretList": []}}),
    Case("no secret, and that is well", IN_USE, {"allow_empty": True}, Status.PASSED, "0 secrets",
         {"secretsmanager.list_secrets": {"SecretList": []}}),
    Case("unavailable to all", IN_USE, {}, Status.FAILED, "not here",
         {"secretsmanager.list_secrets": aws_error("ResourceNotFoundException", "not here")}),
    Case("denied", IN_USE, {}, Status.UNKNOWN, "AccessDenied", {"secretsmanager.list_secrets": DENIED}),
    Case("there", EXIST, ONE, Status.PASSED, "has a value", secret()),
    Case("never filled", EXIST, ONE, Status.FAILED, "no current value", secret(VersionIdsToStages={})),
    Case("being deleted", EXIST, ONE, Status.FAILED, "deletion", secret(DeletedDate=datetime.now(UTC))),
    Case("not there", EXIST, ONE, Status.FAILED, "can't find", GONE),
    Case("none named", EXIST, {"secrets": []}, Status.UNKNOWN, "nothing could be judged", secret()),
    Case("denied", EXIST, ONE, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("rotated", ROTATED, ONE, Status.PASSED, "every 90 days", secret(**PERIOD)),
    Case("just often enough", ROTATED, ONE | {"at_most_days": 90}, Status.PASSED, "every 90 days", secret(**PERIOD)),
    Case("too seldom", ROTATED, ONE | {"at_most_days": 89}, Status.FAILED, "wanted every 89", secret(**PERIOD)),
    Case("by a schedule", ROTATED, ONE | {"at_most_days": 89}, Status.UNKNOWN, "names no days",
         secret(RotationEnabled=True, RotationRules={"ScheduleExpression": "cron(0 8 1 * ? *)"})),
    Case("never rotated", ROTATED, ONE, Status.FAILED, "is off", secret()),
    Case("not there", ROTATED, ONE, Status.FAILED, "can't find", GONE),
    Case("denied", ROTATED, ONE, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("just in time", CHANGED, ONE | {"days": 30}, Status.PASSED, "days ago", version(29.9)),
    Case("too long ago", CHANGED, ONE | {"days": 30}, Status.FAILED, "wanted at most 30 days", version(30.1)),
    Case("only a pending value", CHANGED, ONE | {"days": 30}, Status.FAILED, "no current value", version(1, "AWSPENDING")),
    Case("denied", CHANGED, ONE | {"days": 30}, Status.UNKNOWN,
         "AccessDenied", {"secretsmanager.list_secret_version_ids": DENIED}),
    Case("own key", SEALED, ONE, Status.PASSED, "alias/app", secret(KmsKeyId="alias/app")),
    Case("the key", SEALED, ONE | {"key": "alias/app"}, Status.PASSED,
         "alias/app", secret(KmsKeyId="arn:aws:kms:x:1:alias/app")),
    Case("another key", SEALED, ONE | {"key": "alias/app"}, Status.FAILED, "wanted alias/app", secret(KmsKeyId="alias/x")),
    Case("key of AWS", SEALED, ONE, Status.FAILED, "a key of our own", secret()),
    Case("not there", SEALED, ONE, Status.FAILED, "can't find", GONE),
    Case("denied", SEALED, ONE, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("long", STRONG, ONE, Status.PASSED, "32 characters", values(jira=LONG)),
    Case("one too short", STRONG, ONE | {"shortest": 33}, Status.FAILED, "wanted at least 33", values(jira=LONG)),
    Case("one field of it", STRONG, ONE | {"fields": ["token"]}, Status.PASSED, "32 characters", values(jira=JSON)),
    Case("all fields of it", STRONG, ONE, Status.FAILED, "jira user has 3 characters", values(jira=JSON)),
    Case("field is missing", STRONG, ONE | {"fields": ["key"]}, Status.UNKNOWN, "no field 'key'", values(jira=JSON)),
    Case("two of their own", STRONG, TWO, Status.PASSED, "2 in all", values(jira=LONG, slack=OTHER)),
    Case("two the same", STRONG, TWO, Status.FAILED, "is used by slack too", values(jira=LONG, slack=LONG)),
    Case("known to staging", STRONG, ONE | {"differ_from": ["stage"]}, Status.FAILED,
         "by stage too", values(jira=LONG, stage=LONG)),
    Case("not there", STRONG, ONE, Status.FAILED, "can't find", {"secretsmanager.get_secret_value": NOT_THERE}),
    Case("denied", STRONG, ONE, Status.UNKNOWN, "AccessDenied", {"secretsmanager.get_secret_value": DENIED}),
    Case("lets in those on the list", POLICY, LISTED, Status.PASSED, "nobody but", policy(lets_in({"AWS": APP}))),
    Case("forbids others", POLICY, LISTED, Status.PASSED, "nobody but", policy(lets_in({"AWS": [APP]}), lets_in("*", "Deny"))),
    Case("lets in all", POLICY, LISTED, Status.FAILED, "lets in *", policy(lets_in({"AWS": APP}), lets_in("*"))),
    Case("no policy", POLICY, LISTED, Status.FAILED, "no policy of its own", policy()),
    Case("not there", POLICY, LISTED, Status.FAILED, "can't find", {"secretsmanager.get_resource_policy": NOT_THERE}),
    Case("denied", POLICY, LISTED, Status.UNKNOWN, "AccessDenied", {"secretsmanager.get_resource_policy": DENIED}),
    Case("may read", READABLE, WHO, Status.PASSED, "role/app is allowed", decides("allowed")),
    Case("may not read", READABLE, WHO, Status.FAILED, "wanted allowed", decides("implicitDeny")),
    Case("secret is not there", READABLE, WHO, Status.FAILED, "can't find", decides("allowed") | GONE),
    Case("denied", READABLE, WHO, Status.UNKNOWN,
         "AccessDenied", decides("allowed") | {"iam.simulate_principal_policy": DENIED}),
    Case("may not read", UNREADABLE, WHO, Status.PASSED, "implicitDeny", decides("implicitDeny")),
    Case("may read", UNREADABLE, WHO, Status.FAILED, "wanted denied", decides("allowed")),
    Case("secret is not there", UNREADABLE, WHO, Status.FAILED, "can't find", decides("implicitDeny") | GONE),
    Case("nobody named", UNREADABLE, WHO | {"principals": []}, Status.UNKNOWN, "nothing could be judged", decides("allowed")),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
    assert LONG not in verdict.summary
