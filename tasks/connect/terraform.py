"""Read door to Terraform, for checks."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.connect import terraform_plans
from tasks.connect.terraform_plans import Kept, Request
from tasks.connect.terraform_program import Ended, Reach, environment, meaning, run, uninitialised, well, words
from tasks.connect.workspace import folder
from tasks.core.answers import Answer, parsed
from tasks.core.errors import EvidenceError
from tasks.core.redaction import HIDDEN, Unshown, redact
from tasks.core.sample import Trail
from tasks.core.terraform import Planned, addresses, state_version

if TYPE_CHECKING:
    from tasks.connect.session import Session

_SECONDS = 120
_NOT_SECRET = (
    "bucket", "key", "region", "dynamodb_table", "use_lockfile", "encrypt", "workspace_key_prefix", "path", "prefix",
    "container_name", "storage_account_name", "organization", "hostname", "namespace", "secret_suffix",
)  # fmt: skip
_one_plan_at_a_time = threading.Lock()  # they would wait for each other's state lock anyway, and then time out


class Terraform:
    """Read door. A plan refreshes and takes the state's lock while it runs, and writes neither state nor infrastructure."""

    def __init__(self, workspaces: Path, kept: Kept, trail: Trail) -> None:
        self._workspaces = workspaces
        self._kept = kept
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Terraform:
        """The door to the configurations in the session's workspace."""
        return cls(session.settings.workspaces, Kept.of(session), trail)

    def version(self) -> str:
        """The version of the program, such as 1.11.4. Raises ``Absent`` when there is none."""
        found: str = self._trail.read("terraform", "version", _version)
        return found

    def workspace(self, directory: str) -> str:
        """The selected workspace."""
        found: str = self._trail.read("terraform", f"workspace of '{directory}'", lambda: selected(self._place(directory)))
        return found

    def backend(self, directory: str) -> Answer:
        """``type`` and the settings of the backend that really answers, without secrets."""
        self.state(directory)
        question = f"backend of '{directory}'"
        found: Answer = self._trail.read("terraform", question, lambda: _backend(self._place(directory)))
        return found

    def validate(self, directory: str) -> Answer:
        """``valid`` and ``diagnostics``, as `terraform validate -json` has them."""
        found: Answer = self._trail.read("terraform", f"validate '{directory}'", lambda: _validate(self._place(directory)))
        return found

    def unformatted(self, directory: str) -> Answer:
        """``files``: how many configuration files there are; ``unformatted``: which of them are not in canonical form."""
        found: Answer = self._trail.read("terraform", f"format of '{directory}'", lambda: _unformatted(self._place(directory)))
        return found

    def state(self, directory: str, workspace: str = "") -> Answer:
        """``lineage``, ``serial``, ``resources`` (addresses) and ``outputs`` (names) of the current state; no values."""

        def ask() -> Answer:
            return _about(pulled(self._place(directory, workspace), "backend"))

        found: Answer = self._trail.read("terraform", f"state of '{directory}' in workspace '{workspace}'", ask)
        return found

    def outputs(self, directory: str, workspace: str = "") -> Answer:
        """The outputs by name. Sensitive values are learnt, and never shown."""
        question = f"outputs of '{directory}' in workspace '{workspace}'"
        found: Answer = self._trail.read("terraform", question, lambda: _outputs(self._place(directory, workspace)))
        return found

    def plan(self, directory: str, workspace: str = "", request: Request | None = None) -> Planned:
        """Plan and save the plan for ``TerraformRunner``. Raises ``EvidenceError`` where a required variable is unset."""
        result = self.attempt(directory, workspace, request)
        if result.unset:
            raise EvidenceError(f"'{directory}' cannot be planned: no value for {', '.join(result.unset)}.")
        return result

    def attempt(self, directory: str, workspace: str = "", request: Request | None = None) -> Planned:
        """Like ``plan``; where required variables are unset, the answer names them and plans nothing."""
        asked = request or Request()

        def ask() -> dict[str, Any]:
            with _one_plan_at_a_time:
                return terraform_plans.make(self._kept, self._place(directory, workspace), asked, "providers").as_json()

        question = f"plan '{directory}' in workspace '{workspace}' with {asked}"
        return Planned.from_json(self._trail.read("terraform", question, ask))

    def _place(self, directory: str, workspace: str = "") -> Path:
        return place(self._workspaces, directory, workspace)


def place(workspaces: Path, directory: str, workspace: str = "") -> Path:
    """The folder of a configuration. Raises ``EvidenceError`` when another workspace than ``workspace`` is selected there."""
    found = folder(workspaces, directory)
    if workspace and (seen := selected(found)) != workspace:
        raise EvidenceError(f"'{directory}' has workspace '{seen}' selected, wanted '{workspace}'; initialise it first.")
    return found


def selected(directory: Path) -> str:
    """The workspace that commands in the folder work on."""
    return _output("workspace show", directory, "folder").output.strip()


def pulled(directory: Path, reach: Reach) -> Answer:
    """The content of the current state, values and all. One that was never written is empty, with serial 0."""
    text = _output("state pull", directory, reach).output
    empty = Answer({"lineage": "", "serial": 0, "resources": [], "outputs": {}})
    found: Answer = parsed(text, f"The state of {directory.name}") if text.strip() else empty
    state_version(found)
    return found


def _about(state: Answer) -> Answer:
    version = state_version(state)
    about = {"lineage": version.lineage, "serial": version.serial, "resources": addresses(state)}
    return Answer(
        about | {"outputs": sorted(state.get("outputs", {})), "terraform_version": state.get("terraform_version", "")}
    )


def _version() -> str:
    text = _output("version", Path.home(), "folder", json=True).output
    return str(parsed(text, "What terraform version printed")["terraform_version"])


def _backend(directory: Path) -> Answer:
    record = directory / ".terraform" / "terraform.tfstate"
    if not record.is_file():
        return Answer({"type": "local"})
    backend = parsed(record.read_text(), f"{record.name} of {directory.name}")["backend"]
    settings = {name: value for name, value in backend["config"].items() if name in _NOT_SECRET and value is not None}
    return Answer({**settings, "type": backend["type"]})


def _validate(directory: Path) -> Answer:
    ended = run(words("validate", json=True), directory, environment("folder"), _SECONDS)
    if not ended.output.lstrip().startswith("{"):
        raise meaning(ended.errors or ended.output, f"terraform validate in {directory.name}")
    found: Answer = parsed(ended.output, "What terraform validate printed")
    titles = "\n".join(each["summary"] for each in found["diagnostics"])
    if error := uninitialised(titles, f"terraform validate in {directory.name}"):
        raise error
    return found


def _unformatted(directory: Path) -> Answer:
    line = words("fmt", check=True, list=True, write=False, recursive=True)
    ended = run(line, directory, environment("folder"), _SECONDS)
    if ended.exit_status != 0 and not (ended.exit_status == 3 and ended.output.strip()):
        raise meaning(ended.errors or ended.output, f"terraform fmt in {directory.name}")
    files = [file for file in directory.rglob("*.tf") if ".terraform" not in file.parts]
    return Answer({"files": len(files), "unformatted": ended.output.split("\n")[:-1] if ended.exit_status else []})


def _outputs(directory: Path) -> Answer:
    text = _output("output", directory, "backend", json=True).output
    found: Answer = parsed(text, f"The outputs of {directory.name}")
    return Answer({name: _learnt(each["value"]) if each["sensitive"] else each["value"] for name, each in found.items()})


def _learnt(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Answer({name: _learnt(each) for name, each in value.items()})
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_learnt(each) for each in value]
    if not isinstance(value, str):
        return HIDDEN if value is not None else None  # a number or a truth value cannot be hidden by heart
    redact.learn(value)
    return Unshown(value)


def _output(command: str, directory: Path, reach: Reach, **options: Any) -> Ended:
    ended = run(words(command, **options), directory, environment(reach), _SECONDS)
    return well(ended, f"terraform {command} in {directory.name}")
