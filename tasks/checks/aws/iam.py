"""IAM roles and what they may do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tasks.connect.aws import Aws
from tasks.core.answers import Answer, only
from tasks.core.errors import EvidenceError
from tasks.core.judges import every, listed
from tasks.core.policies import broad_grants
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

_SIMULATES = ("iam:SimulatePrincipalPolicy", "sts:GetCallerIdentity")
_ANYWHERE = ["*"]


@check(permissions=("iam:GetRole",), remedy="aws iam get-role --role-name <role>")
def roles_exist(aws: Aws, *, roles: list[str]) -> Verdict:
    """Every role exists.

    A service whose role is missing cannot start.
    Reads iam:GetRole once a role. ``roles`` are names. Facts: each role's ARN by its name.

    Example:
        check: aws.iam.roles_exist
        with: {roles: [app-prod]}

    """

    def there(name: str) -> Verdict:
        arn = str(aws.iam.get_role(RoleName=name)["Role"]["Arn"])
        return passed(f"Role {name} exists as {arn}.", {name: arn})

    return every("role", roles, there)


@check(
    permissions=(*_SIMULATES, "iam:GetRole"),
    remedy="aws iam simulate-principal-policy --policy-source-arn <arn> --action-names <action>",
)
def caller_allowed(aws: Aws, *, actions: list[str], resources: list[str] = _ANYWHERE) -> Verdict:
    """The release's own credentials allow every action that the deployment needs.

    A permission that is missing stops the deployment half way.
    Reads sts:GetCallerIdentity, iam:GetRole and iam:SimulatePrincipalPolicy; policies of the organisation and of resources are
    not simulated. The root user cannot be simulated: it is unknown. ``actions`` are IAM actions, ``resources`` ARNs.

    Example:
        check: aws.iam.caller_allowed
        with: {actions: ["cloudformation:CreateStack", "lambda:CreateFunction"]}

    """
    caller = _caller(aws)
    return every("permission", _pairs(actions, resources), lambda pair: allowed(aws, caller, *pair))


@check(permissions=_SIMULATES, remedy="aws iam simulate-principal-policy --policy-source-arn <arn> --action-names <action>")
def principals_allowed(aws: Aws, *, principals: list[str], actions: list[str], resources: list[str] = _ANYWHERE) -> Verdict:
    """Every role or user may do every action.

    A missing permission shows only when the system reaches that call.
    Reads sts:GetCallerIdentity and iam:SimulatePrincipalPolicy. ``principals`` are ARNs or their ends, such as
    ``role/app-prod``; ``resources`` are ARNs.

    Example:
        check: aws.iam.principals_allowed
        with: {principals: [role/app-prod], actions: ["s3:PutObject"], resources: ["arn:aws:s3:::backups-prod/*"]}

    """
    pairs = _pairs(actions, resources)
    return _each(aws, principals, lambda who: every("permission", pairs, lambda pair: allowed(aws, who, *pair)))


@check(
    permissions=(*_SIMULATES, "iam:GetRole", "iam:GetUser"),
    remedy="aws iam simulate-principal-policy --policy-source-arn <arn> --action-names <action>",
)
def principals_denied(aws: Aws, *, principals: list[str], actions: list[str], resources: list[str] = _ANYWHERE) -> Verdict:
    """No such role or user may do any of the actions.

    What somebody may do and never needs is what an attacker uses.
    Reads sts:GetCallerIdentity, iam:GetRole or iam:GetUser, and iam:SimulatePrincipalPolicy: who is not there is no proof.
    ``principals`` are ARNs or their ends, such as ``role/support``; ``resources`` are ARNs.

    Example:
        check: aws.iam.principals_denied
        with: {principals: [role/support], actions: ["secretsmanager:GetSecretValue"]}

    """
    pairs = _pairs(actions, resources)

    def judged(who: str) -> Verdict:
        _look_up(aws, who)
        return every("permission", pairs, lambda pair: refused(aws, who, *pair))

    return _each(aws, principals, judged)


@check(
    permissions=(
        "iam:ListAttachedRolePolicies", "iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListRolePolicies", "iam:GetRolePolicy",
    ),
    remedy="aws iam get-role-policy --role-name <role> --policy-name <policy>",
)  # fmt: skip
def no_broad_grants(aws: Aws, *, roles: list[str], tolerated: list[str] | None = None) -> Verdict:
    """No policy of the roles allows all actions of a service on everything.

    Such a line is seldom needed and turns a fault in one function into the loss of the account.
    Reads every attached and inline policy of each role. ``tolerated`` are actions, such as ``xray:*``, that a person has
    accepted. A role without any policy is unknown.

    Example:
        check: aws.iam.no_broad_grants
        with: {roles: [app-prod], tolerated: ["xray:*"]}

    """

    def narrow(role: str) -> Verdict:
        policies = list(_policies(aws, role))
        broad = [
            f"{each} in {name}" for name, policy in policies for each in broad_grants(policy) if each not in (tolerated or [])
        ]
        if broad:
            return failed(f"Role {role} may do {listed(broad)} on everything.")
        if not policies:
            return unknown(f"Role {role} has no policy to look through.")
        return passed(f"None of the {len(policies)} policies of role {role} allows all of a service on everything.")

    return every("role", roles, narrow)


def allowed(aws: Aws, principal: str, action: str, resource: str) -> Verdict:
    """The principal may do the action on the resource, by simulation."""
    decision, told = _simulated(aws, principal, action, resource)
    return passed(f"{told}.") if decision == "allowed" else failed(f"{told}, wanted allowed.")


def refused(aws: Aws, principal: str, action: str, resource: str) -> Verdict:
    """The principal may not do the action on the resource, by simulation."""
    decision, told = _simulated(aws, principal, action, resource)
    return failed(f"{told}, wanted denied.") if decision == "allowed" else passed(f"{told}.")


def whole_arn(aws: Aws, principal: str) -> str:
    """The principal's ARN; ``role/app`` gets the partition and account of the release."""
    if principal.startswith("arn:"):
        return principal
    seen = aws.sts.get_caller_identity()
    return f"arn:{str(seen['Arn']).split(':')[1]}:iam::{seen['Account']}:{principal}"


def _look_up(aws: Aws, arn: str) -> None:
    """Raise what IAM says of a role or a user that is not there: a simulation may deny everything to nobody."""
    name = arn.rpartition("/")[2]
    if ":user/" in arn:
        aws.iam.get_user(UserName=name)
    else:
        aws.iam.get_role(RoleName=name)


def _each(aws: Aws, principals: list[str], judge: Callable[[str], Verdict]) -> Verdict:
    return every("principal", principals, lambda each: judge(whole_arn(aws, each)))


def _simulated(aws: Aws, principal: str, action: str, resource: str) -> tuple[str, str]:
    asked = {"PolicySourceArn": principal, "ActionNames": [action], "ResourceArns": [resource]}
    result = only("simulated action", aws.iam.simulate_principal_policy(**asked)["EvaluationResults"], "EvalActionName", action)
    decision, missing = str(result["EvalDecision"]), result.get("MissingContextValues")
    told = f"{principal.rpartition(':')[2]} is {decision} to {action} on {resource}"
    if decision != "allowed" and missing:
        raise EvidenceError(f"{told}, and cannot be judged without {listed(missing)}.")
    return decision, told


def _caller(aws: Aws) -> str:
    arn = str(aws.sts.get_caller_identity()["Arn"])
    if arn.endswith(":root"):
        raise EvidenceError("The release runs as the account's root user, whom nothing can simulate; use a role.")
    if ":assumed-role/" not in arn:
        return arn
    return str(aws.iam.get_role(RoleName=arn.split("/")[1])["Role"]["Arn"])  # only this one knows the role's path


def _pairs(actions: list[str], resources: list[str]) -> list[tuple[str, str]]:
    return [(action, resource) for action in actions for resource in resources]


def _policies(aws: Aws, role: str) -> Iterator[tuple[str, Answer]]:
    for each in aws.iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        version = aws.iam.get_policy(PolicyArn=each["PolicyArn"])["Policy"]["DefaultVersionId"]
        found = aws.iam.get_policy_version(PolicyArn=each["PolicyArn"], VersionId=version)
        yield str(each["PolicyName"]), found["PolicyVersion"]["Document"]
    for name in aws.iam.list_role_policies(RoleName=role)["PolicyNames"]:
        yield str(name), aws.iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
