"""Applying a reviewed Terraform plan, and taking that back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasks.actions.terraform_undoing import Configuration, freed, request, restore
from tasks.connect.terraform_runner import TerraformRunner
from tasks.core.errors import Absent, ActionError, EvidenceError
from tasks.core.registry import Done, Settled, action
from tasks.core.terraform import StateVersion, addresses, state_version, told

Names = list[str]
Values = dict[str, str]


def initialised(_runner: TerraformRunner, *, before: Mapping[str, Any], **_rest: Any) -> Settled:  # noqa: ARG001
    """Not done, whatever happened: initialising again does no harm."""
    return "not done"


def stays_initialised(_runner: TerraformRunner, *, before: Mapping[str, Any], directory: str, **_rest: Any) -> str:  # noqa: ARG001
    """Nothing to do: the folder belongs to the checkout, and no system sees it."""
    return f"terraform init in {directory} leaves nothing that must be undone."


@action(remedy="terraform init -input=false", settled=initialised, undo=stays_initialised)
def initialise(
    runner: TerraformRunner,
    *,
    directory: str,
    backend_config: Names | None = None,
    workspace: str = "",
    leaves_nothing: bool = False,  # noqa: ARG001  for the release, which then needs no rollback for it
) -> Done:
    """Initialise the configuration's folder, and select its workspace.

    Takes the provider versions of the folder's lock file, moves no state, creates no workspace.
    ``directory`` is a folder of the system's checkout, ``backend_config`` are files or key=value settings, none of them a
    secret. ``leaves_nothing`` says that no rollback is needed for it.

    Example:
        action: terraform.initialise
        with: {directory: infrastructure/terraform, backend_config: [prod.s3.tfbackend], leaves_nothing: true}

    """
    try:
        runner.initialise(directory, backend_config or [], workspace)
    except (Absent, EvidenceError) as error:
        raise ActionError(str(error)) from error
    return Done(f"{directory} is initialised{f' for workspace {workspace}' if workspace else ''}.")


def before(
    runner: TerraformRunner,
    *,
    directory: str,
    digest: str,
    workspace: str = "",
    previous_directory: str = "",
    destroy_module: str = "",
    **_rest: Any,
) -> dict[str, Any]:
    """The plan's digest and the state it is for; that state is kept in the private folder under ``kept``.

    Raises ``ActionError`` for a stale plan, and where nothing says how to take it back.
    """
    plan = runner.saved(directory, digest)
    state = runner.state(directory, workspace)
    version = state_version(state)
    if version != plan.state:
        raise ActionError(
            f"Plan {plan.short_digest} of {directory} is stale: it is for state {_told(plan.state)}, and now there is "
            f"{_told(version)}; plan and review again."
        )
    existing = addresses(state)
    if existing and not (previous_directory or destroy_module):
        raise ActionError(
            f"The state of {directory} holds {len(existing)} resources already, and nothing says how to go back to them; name "
            "previous_directory, the configuration of before, or destroy_module."
        )
    return {
        "digest": plan.digest,
        "lineage": version.lineage,
        "serial": version.serial,
        "resources": existing,
        "kept": runner.keep_state(state),
        "host": runner.host,
    }


def settled(
    runner: TerraformRunner,
    *,
    before: Mapping[str, Any],
    directory: str,
    digest: str,
    workspace: str = "",
    var_files: Names | None = None,
    variables: Values | None = None,
    timeout_minutes: int = 60,
    **_rest: Any,
) -> Settled:
    """Done when the state moved and a new plan is empty; not done when nothing was begun; otherwise unknown.

    Waits for the apply that may still run on this machine, and frees the lock that it left when it was killed.
    """
    ours = Configuration(runner, directory, workspace, request(var_files, variables), timeout_minutes * 60.0)
    here = runner.host == before["host"]
    if not freed(ours, here=here) or not runner.has(digest):
        return "unknown"
    seen = runner.progress(digest)
    if ours.version == _version(before):
        return "not done" if here and not (seen and seen.began) else "unknown"
    return "done" if ours.plan().empty else "unknown"


def undo(
    runner: TerraformRunner,
    *,
    before: Mapping[str, Any],
    directory: str,
    digest: str,
    workspace: str = "",
    var_files: Names | None = None,
    variables: Values | None = None,
    previous_directory: str = "",
    destroy_module: str = "",
    restore_state: bool = False,
    backend_config: Names | None = None,
    timeout_minutes: int = 60,
) -> str:
    """Destroy the module, or apply the previous configuration, or destroy all where there was nothing; then look again.

    Raises ``ActionError`` when it did not get there.
    """
    seconds = timeout_minutes * 60.0
    ours = Configuration(runner, directory, workspace, request(var_files, variables), seconds)
    if not freed(ours, here=runner.host == before["host"]):
        raise ActionError(f"The state of {directory} is locked, or its apply still runs; free it, and roll back again.")
    if destroy_module:
        return ours.destroy_module(destroy_module)
    if not before["resources"]:
        return ours.destroy_all()
    pushed = f"Pushed the state of before, {before['serial']}. " if restore_state and restore(ours, before) else ""
    runner.initialise(previous_directory, backend_config or [], workspace)
    theirs = Configuration(runner, previous_directory, workspace, ours.request, seconds)
    if theirs.version != ours.version:
        raise ActionError(f"{previous_directory} has another state than {directory}; give both the same backend and workspace.")
    changed = theirs.apply()
    if not changed:
        return f"{pushed}All is as {previous_directory} says; nothing had to be applied."
    return f"{pushed}Applied {previous_directory}, the configuration before plan {digest[:12]}: {changed}."


@action(
    remedy="terraform plan, and terraform state list",
    before=before,
    settled=settled,
    undo=undo,
)
def apply_plan(
    runner: TerraformRunner,
    *,
    directory: str,
    digest: str,
    workspace: str = "",
    var_files: Names | None = None,
    variables: Values | None = None,
    previous_directory: str = "",  # noqa: ARG001  this and the next three are for the companions, which get every argument
    destroy_module: str = "",  # noqa: ARG001
    restore_state: bool = False,  # noqa: ARG001
    backend_config: Names | None = None,  # noqa: ARG001
    timeout_minutes: int = 60,
) -> Done:
    """Apply the reviewed plan, exactly as it was reviewed.

    ``digest`` is the fact `digest` of the item that reviewed it. A plan that was made for another state is refused.
    ``directory``, ``workspace``, ``var_files`` and ``variables`` are those of the review. ``timeout_minutes`` limits the
    apply; Terraform is then interrupted, finishes the step at hand and gives its lock back.

    Undone by applying ``previous_directory``, a folder with the configuration of the version before, on the same state;
    ``restore_state`` first destroys what was new and pushes the state of before, with a higher serial. Or by destroying
    the module ``destroy_module``. Where there was nothing before, by destroying everything. ``backend_config`` is for
    initialising the previous folder. Facts: the outputs that are plain text and not sensitive.

    Example:
        action: terraform.apply_plan
        with:
          directory: infrastructure/terraform
          digest: "{{ captured.reviewed_plan }}"
          var_files: [terraform.tfvars]
          previous_directory: previous/infrastructure/terraform

    """
    try:
        plan = runner.apply(directory, workspace, digest, timeout_minutes * 60.0)
        rest = runner.plan(directory, workspace, request(var_files, variables))
        state = runner.state(directory, workspace)
    except (Absent, EvidenceError) as error:
        raise ActionError(str(error)) from error
    if not rest.empty:
        raise ActionError(f"Plan {plan.short_digest} was applied, and yet there is {told(rest)} in {directory}.")
    outputs = state.get("outputs", {})
    facts = {name: each["value"] for name, each in outputs.items() if not each.get("sensitive") and type(each["value"]) is str}
    return Done(f"Applied plan {plan.short_digest} of {directory}: {told(plan)}. State {_told(state_version(state))}.", facts)


def _version(noted: Mapping[str, Any]) -> StateVersion:
    return StateVersion(noted["lineage"], noted["serial"])


def _told(version: StateVersion) -> str:
    return f"{version.serial} of {version.lineage}" if version.lineage else "none"
