from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, AwsAnswers, Case, aws_error

EXIST, CALLER, ALLOWED, REFUSED, NARROW = (
    f"aws.iam.{name}"
    for name in ("roles_exist", "caller_allowed", "principals_allowed", "principals_denied", "no_broad_grants")
)
ROLES = {"roles": ["app"]}
ACTIONS = {"actions": ["s3:PutObject"]}
WHO = ACTIONS | {"principals": ["role/app"]}
ROLE = {"iam.get_role": {"Role": {"Arn": "arn:aws:iam::123456789012:role/path/app"}}}
NO_ROLE = aws_error("NoSuchEntity", "The role with name app cannot be found.", 404)


def caller(arn: str = "assumed-role/app/release") -> dict[str, Any]:
    service = "sts" if "assumed" in arn else "iam"
    return {"sts.get_caller_identity": {"Account": "123456789012", "Arn": f"arn:aws:{service}::123456789012:{arn}"}}


def decides(decision: str, *, missing: tuple[str, ...] = ()) -> dict[str, Any]:
    def simulated(**asked: Any) -> dict[str, Any]:
        assert asked["PolicySourceArn"] in ("arn:aws:iam::123456789012:role/path/app", "arn:aws:iam::123456789012:role/app",
                                            "arn:aws:iam::123456789012:user/ann")  # fmt: skip
        found = {"EvalActionName": asked["ActionNames"][0], "EvalDecision": decision, "MissingContextValues": list(missing)}
        return {"EvaluationResults": [found]}

    return caller() | ROLE | {"iam.simulate_principal_policy": simulated}


def policies(*, attached: dict[str, Any] | None = None, inline: dict[str, Any] | None = None) -> AwsAnswers:
    return {
        "iam.list_attached_role_policies": {
            "AttachedPolicies": [{"PolicyName": "deploy", "PolicyArn": "arn:aws:iam::1:policy/deploy"}] if attached else []
        },
        "iam.get_policy": {"Policy": {"DefaultVersionId": "v2"}},
        "iam.get_policy_version": {"PolicyVersion": {"Document": {"Statement": attached}}},
        "iam.list_role_policies": {"PolicyNames": ["own"] if inline else []},
        "iam.get_role_policy": {"PolicyDocument": {"Statement": [inline]}},
    }


def grant(action: str, resource: str = "*", effect: str = "Allow") -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource}


CASES = [
    Case("there", EXIST, ROLES, Status.PASSED, "exists as arn", ROLE),
    Case("not there", EXIST, ROLES, Status.FAILED, "cannot be found", {"iam.get_role": NO_ROLE}),
    Case("none named", EXIST, {"roles": []}, Status.UNKNOWN, "nothing could be judged", ROLE),
    Case("denied", EXIST, ROLES, Status.UNKNOWN, "AccessDenied", {"iam.get_role": DENIED}),
    Case("a role with a path", CALLER, ACTIONS, Status.PASSED, "allowed to s3:PutObject", decides("allowed")),
    Case("a user", CALLER, ACTIONS, Status.PASSED, "user/ann is allowed", decides("allowed") | caller("user/ann")),
    Case("may not", CALLER, ACTIONS, Status.FAILED, "implicitDeny", decides("implicitDeny")),
    Case("the root user", CALLER, ACTIONS, Status.UNKNOWN, "root user", decides("allowed") | caller("root")),
    Case("no action named", CALLER, {"actions": []}, Status.UNKNOWN, "nothing could be judged", decides("allowed")),
    Case("simulation is denied", CALLER, ACTIONS, Status.UNKNOWN, "AccessDenied",
         decides("allowed") | {"iam.simulate_principal_policy": DENIED}),
    Case("may", ALLOWED, WHO, Status.PASSED, "role/app is allowed", decides("allowed")),
    Case("by its ARN", ALLOWED, WHO | {"principals": ["arn:aws:iam::123456789012:role/app"]}, Status.PASSED, "allowed",
         decides("allowed")),
    Case("may not", ALLOWED, WHO, Status.FAILED, "explicitDeny", decides("explicitDeny")),
    Case("depends on the request", ALLOWED, WHO, Status.UNKNOWN, "without aws:x", decides("implicitDeny", missing=("aws:x",))),
    Case("role is not there", ALLOWED, WHO, Status.FAILED, "cannot be found",
         decides("allowed") | {"iam.simulate_principal_policy": NO_ROLE}),
    Case("denied", ALLOWED, WHO, Status.UNKNOWN, "AccessDenied", {"sts.get_caller_identity": DENIED}),
    Case("may not", REFUSED, WHO, Status.PASSED, "implicitDeny", decides("implicitDeny")),
    Case("may", REFUSED, WHO, Status.FAILED, "wanted denied", decides("allowed")),
    Case("may not for want of context", REFUSED, WHO, Status.UNKNOWN,
         "without aws:x", decides("implicitDeny", missing=("aws:x",))),
    Case("role is not there", REFUSED, WHO, Status.FAILED, "cannot be found",
         decides("implicitDeny") | {"iam.get_role": NO_ROLE}),
    Case("a user may not", REFUSED, WHO | {"principals": ["user/ann"]}, Status.PASSED, "implicitDeny",
         decides("implicitDeny") | {"iam.get_user": {"User": {"UserName": "ann"}}}),
    Case("simulation is denied", REFUSED, WHO, Status.UNKNOWN, "AccessDenied",
         decides("implicitDeny") | {"iam.simulate_principal_policy": DENIED}),
    Case("nobody named", REFUSED, WHO | {"principals": []}, Status.UNKNOWN, "nothing could be judged", decides("allowed")),
    Case("narrow", NARROW, ROLES, Status.PASSED, "None of the 2 policies",
         policies(attached=grant("s3:*", "arn:aws:s3:::x/*"), inline=grant("logs:PutLogEvents"))),
    Case("a whole service", NARROW, ROLES, Status.FAILED, "s3:* in deploy", policies(attached=grant("s3:*"))),
    Case("all of it, inline", NARROW, ROLES, Status.FAILED, "* in own", policies(inline=grant("*"))),
    Case("tolerated", NARROW, ROLES | {"tolerated": ["s3:*"]}, Status.PASSED,
         "None of the 1", policies(attached=grant("s3:*"))),
    Case("forbids", NARROW, ROLES, Status.PASSED, "None of the 1", policies(attached=grant("*", effect="Deny"))),
    Case("no policy", NARROW, ROLES, Status.UNKNOWN, "no policy", policies()),
    Case("not there", NARROW, ROLES, Status.FAILED, "cannot be found", {"iam.list_attached_role_policies": NO_ROLE}),
    Case("denied", NARROW, ROLES, Status.UNKNOWN, "AccessDenied",
         {**policies(attached=grant("s3:GetObject")), "iam.get_policy_version": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
