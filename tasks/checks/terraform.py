"""Terraform configurations, their state and their plans.

``directory`` is the configuration's folder in the system's checkout, initialised there. ``workspace`` is what must be
selected in it; empty: whatever is. ``var_files`` are relative to the folder, ``variables`` are plain values: secrets come as
TF_VAR_… variables of the worker. Checks with the same of these share one plan in a sample.

A plan runs the code of providers: give checks credentials that can only read, as GATES_TERRAFORM_READ_<VARIABLE>, such as
GATES_TERRAFORM_READ_AWS_PROFILE. While it is made it holds the state's lock, for which an S3 backend needs to put and delete
the lock file (s3:PutObject, s3:DeleteObject on <key>.tflock), or the item in the lock table.
"""

from __future__ import annotations

from tasks.connect.terraform import Terraform
from tasks.connect.terraform_plans import Request
from tasks.core.judges import at_least, equal, every, includes, listed, none
from tasks.core.registry import check
from tasks.core.terraform import DESTROYS, Planned, told
from tasks.core.verdicts import Verdict, failed, passed, unknown

Names = list[str]
Values = dict[str, str]

_STATE = ("s3:GetObject", "s3:ListBucket")  # of an S3 backend; providers and locks need what the module's docstring says


@check(remedy="terraform version")
def version_at_least(terraform: Terraform, *, minimum: str) -> Verdict:
    """Terraform is installed, in the wished version or a newer one.

    An older Terraform refuses a state that a newer one wrote, in the middle of a release.
    ``minimum`` is a version such as 1.5.0. Runs terraform version.

    Example:
        check: terraform.version_at_least
        with: {minimum: 1.5.0}

    """
    seen = terraform.version()
    if not (_release(minimum) and _release(seen)):
        return unknown(f"Terraform {seen} and '{minimum}' cannot be compared; write the minimum as numbers and dots.")
    return (passed if _release(seen) >= _release(minimum) else failed)(f"Terraform is {seen}, wanted at least {minimum}.")


@check(permissions=_STATE, remedy="terraform plan -input=false")
def variables_set(
    terraform: Terraform,
    *,
    directory: str,
    workspace: str = "",
    var_files: Names | None = None,
    variables: Values | None = None,
) -> Verdict:
    """Every variable that the configuration requires has a value.

    Terraform would stop and ask, and nobody sits at the terminal of a release.
    Arguments as in the module. Runs terraform plan, which never asks.

    Example:
        check: terraform.variables_set
        with: {directory: infrastructure/terraform, var_files: [terraform.tfvars]}

    """
    plan = terraform.attempt(directory, workspace, _request(var_files, variables))
    unset = [f"{name} has no value" for name in plan.unset]
    return none(f"unset variables of {directory}", unset, len(plan.variables))


@check(remedy="terraform workspace select <workspace>")
def workspace_selected(terraform: Terraform, *, directory: str, workspace: str) -> Verdict:
    """The workspace of this environment is selected.

    In another workspace every command works, on another environment.
    ``directory`` as in the module. Runs terraform workspace show.

    Example:
        check: terraform.workspace_selected
        with: {directory: terraform, workspace: prod}

    """
    return equal(f"Workspace of {directory}", terraform.workspace(directory), workspace)


@check(permissions=_STATE, remedy="terraform init -reconfigure -backend-config=<file>")
def backend_remote(terraform: Terraform, *, directory: str, kind: str = "s3", settings: Values | None = None) -> Verdict:
    """The state is kept in the remote backend, and that answers.

    A state on one person's disk is lost with it, and nobody else can roll back.
    ``kind`` is the backend's type, ``settings`` what it must be set to, such as {bucket: states-prod}.
    Reads what terraform init has recorded, and pulls the state.

    Example:
        check: terraform.backend_remote
        with: {directory: infrastructure/terraform, kind: s3, settings: {bucket: gennet-terraform-state}}

    """
    backend = terraform.backend(directory)
    wanted = {"type": kind} | dict(settings or {})
    return every(
        "setting of the backend",
        wanted.items(),
        lambda pair: equal(f"Backend {pair[0]} of {directory}", _spoken(backend.get(pair[0])), pair[1]),
    )


@check(
    permissions=_STATE,
    remedy="Set use_lockfile = true, or dynamodb_table, in the backend block; then terraform init -reconfigure",
)
def backend_locking(terraform: Terraform, *, directory: str, table: str = "") -> Verdict:
    """Two applies at the same time are impossible: the S3 backend locks the state.

    Without a lock the later of two applies overwrites the state of the other, and resources are forgotten.
    ``table`` is the DynamoDB table that must hold the locks; empty: any table, or a lock file in the bucket, is right.
    Reads what terraform init has recorded, and pulls the state.

    Example:
        check: terraform.backend_locking
        with: {directory: terraform}

    """
    backend = terraform.backend(directory)
    if backend["type"] != "s3":
        return failed(f"Backend of {directory} is '{backend['type']}', wanted s3 with locking.")
    seen = backend.get("dynamodb_table")
    if table:
        return equal(f"Lock table of {directory}", seen, table)
    if seen or backend.get("use_lockfile") is True:
        return passed(f"The state of {directory} is locked by {f'table {seen}' if seen else 'a lock file in the bucket'}.")
    return failed(f"The backend of {directory} has neither dynamodb_table nor use_lockfile.")


@check(remedy="terraform validate")
def valid(terraform: Terraform, *, directory: str) -> Verdict:
    """The configuration is valid.

    ``directory`` as in the module. Runs terraform validate, which reaches neither backend nor cloud.

    Example:
        check: terraform.valid
        with: {directory: infrastructure/terraform}

    """
    answer = terraform.validate(directory)
    errors = [each["summary"] for each in answer["diagnostics"] if each["severity"] == "error"]
    if answer["valid"] is not True or errors:
        return failed(f"{directory} is not valid: {listed(errors)}.")
    return passed(f"{directory} is valid, with {len(answer['diagnostics'])} warnings.")


@check(remedy="terraform fmt -recursive")
def formatted(terraform: Terraform, *, directory: str) -> Verdict:
    """Every configuration file is in Terraform's canonical form.

    Files that are not hide changes among blanks when somebody reviews them.
    ``directory`` as in the module, with what is below it. Runs terraform fmt -check.

    Example:
        check: terraform.formatted
        with: {directory: infrastructure/terraform}

    """
    answer = terraform.unformatted(directory)
    return none(f"files of {directory} to be formatted", answer["unformatted"], answer["files"])


@check(permissions=_STATE, remedy="terraform plan")
def plan_reviewed(
    terraform: Terraform,
    *,
    directory: str,
    workspace: str = "",
    var_files: Names | None = None,
    variables: Values | None = None,
) -> Verdict:
    """A plan is made, saved, and told change by change, for a person to review.

    Give the item `approve` with `review`, and the plan's digest, by the fact `digest`, to terraform.apply_plan:
    that applies this plan and no other. Further facts: `serial` of the state.
    Arguments as in the module. Runs terraform plan and terraform show.

    Example:
        check: terraform.plan_reviewed
        with: {directory: infrastructure/terraform, workspace: prod, var_files: [terraform.tfvars]}

    """
    plan = terraform.plan(directory, workspace, _request(var_files, variables))
    facts = {"digest": plan.digest, "serial": str(plan.state.serial)}
    return passed(f"{_title(plan, directory)}: {told(plan)}.", facts)


@check(permissions=_STATE, remedy="terraform plan -refresh-only")
def no_drift(
    terraform: Terraform,
    *,
    directory: str,
    workspace: str = "",
    var_files: Names | None = None,
    variables: Values | None = None,
) -> Verdict:
    """What runs is what the configuration says: nothing was changed by hand, nothing is still to be applied.

    Arguments as in the module. Runs terraform plan, which asks the providers for every resource.

    Example:
        check: terraform.no_drift
        with: {directory: infrastructure/terraform, var_files: [terraform.tfvars]}

    """
    plan = terraform.plan(directory, workspace, _request(var_files, variables))
    drifted = [f"{each.address} ({'gone' if each.action == 'destroy' else 'changed'} by others)" for each in plan.drift]
    known = {each.address for each in plan.drift}
    pending = [f"{each.address} (to {each.action})" for each in plan.changes if each.address not in known]
    pending += [f"output {name} (to change)" for name in plan.outputs]
    return none(f"differences from {directory}", drifted + pending, plan.looked_at)


@check(permissions=_STATE, remedy="terraform plan, and read what forces the replacement")
def no_destroys(
    terraform: Terraform,
    *,
    directory: str,
    workspace: str = "",
    var_files: Names | None = None,
    variables: Values | None = None,
    allowed: Names | None = None,
) -> Verdict:
    """The plan destroys nothing, and replaces nothing.

    A replaced table is an empty table.
    ``allowed`` are addresses that may go. The other arguments as in the module. Runs terraform plan and terraform show.

    Example:
        check: terraform.no_destroys
        with: {directory: infrastructure/terraform, allowed: [null_resource.build]}

    """
    plan = terraform.plan(directory, workspace, _request(var_files, variables))
    gone = [f"{each.address} ({each.action})" for each in plan.changes if each.action in DESTROYS]
    gone = [each for each in gone if each.rpartition(" (")[0] not in (allowed or [])]
    verdict = none(f"resources to be destroyed by {_title(plan, directory)}", gone, plan.looked_at)
    return Verdict(verdict.status, verdict.summary, verdict.remedy, {"digest": plan.digest})


@check(permissions=_STATE, remedy="terraform output")
def outputs_present(terraform: Terraform, *, directory: str, names: Names, workspace: str = "") -> Verdict:
    """The state has each of the outputs, and none of them is empty.

    What comes after the infrastructure takes its addresses from there. Facts: the outputs that are plain text.
    ``names`` are outputs; the other arguments as in the module. Runs terraform output.

    Example:
        check: terraform.outputs_present
        with: {directory: infrastructure/terraform, names: [api_url, cluster_name]}

    """
    seen = terraform.outputs(directory, workspace)
    filled = [name for name, value in seen.items() if value not in (None, "", [], {})]
    verdict = includes(f"Outputs of {directory}", filled, names)
    facts = {name: seen[name] for name in names if name in filled and type(seen[name]) is str}
    return Verdict(verdict.status, verdict.summary, verdict.remedy, facts)


@check(permissions=_STATE, remedy="terraform state list")
def state_readable(terraform: Terraform, *, directory: str, workspace: str = "", resources: int = 1) -> Verdict:
    """The state can be read, and holds resources.

    An empty state where there was one means the wrong backend or workspace: applying would build everything anew.
    ``resources`` is how many there must be at least; 0 before the first deployment. Facts: `serial`, `lineage`.
    The other arguments as in the module. Runs terraform state pull.

    Example:
        check: terraform.state_readable
        with: {directory: infrastructure/terraform, workspace: prod}

    """
    state = terraform.state(directory, workspace)
    verdict = at_least(f"Count of resources in the state of {directory}", len(state["resources"]), resources)
    facts = {"serial": str(state["serial"]), "lineage": str(state["lineage"])}
    return Verdict(verdict.status, verdict.summary, verdict.remedy, facts)


def _request(var_files: Names | None, variables: Values | None) -> Request:
    return Request(tuple(var_files or ()), dict(variables or {}))


def _title(plan: Planned, directory: str) -> str:
    return f"plan {plan.short_digest} of {directory} for state {plan.state.serial}"


def _spoken(value: object) -> object:
    """A setting as a checklist writes it."""
    return value if isinstance(value, str) or value is None else str(value).lower()


def _release(version: str) -> tuple[int, ...]:
    """``1.5`` as ``(1, 5, 0)``; empty for what is no released version, such as 1.6.0-beta1."""
    parts = version.split(".")
    return tuple(map(int, [*parts, "0", "0"][:3])) if all(part.isascii() and part.isdigit() for part in parts) else ()
