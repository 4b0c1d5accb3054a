"""Saved plans and states of a release: in a private folder, for both hold every secret in clear.

The folder is GATES_TERRAFORM_PLANS, or ``terraform-plans`` beside the release records; workers that may go on with each
other's releases must share it. A plan's name is its digest, so what was reviewed is what is found. What was kept for a
release is removed after 90 days.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import time
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.connect import settings as surroundings
from tasks.connect.terraform_program import Reach, environment, run, well, words
from tasks.core.answers import parsed
from tasks.core.errors import Absent, EvidenceError, Malformed
from tasks.core.terraform import Planned, StateVersion, planned, state_version

if TYPE_CHECKING:
    from tasks.connect.session import Session

_UNSET = re.compile(r'The root module input variable "([^"]+)" is not set')
_SHOW_SECONDS = 120
_KEPT_DAYS = 90
_OURS = re.compile(r"[0-9a-f]{64}\.(tfplan|tfstate|log)|draft-[0-9a-f]{16}")


@dataclass(frozen=True)
class Request:
    """What to plan: the folder's configuration with these variables; ``destroy`` and ``targets`` as Terraform means them."""

    var_files: Sequence[str] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    destroy: bool = False
    targets: Sequence[str] = ()
    lock_seconds: int = 30
    timeout_seconds: float = 900

    def options(self) -> dict[str, Any]:
        """The request as options of `terraform plan`."""
        shape: dict[str, Any] = {"destroy": True} if self.destroy else {}
        return shape | {
            "input": False,
            "lock_timeout": f"{self.lock_seconds}s",
            "var_file": list(self.var_files),
            "var": [f"{name}={value}" for name, value in self.variables.items()],
            "target": list(self.targets),
        }

    def __str__(self) -> str:
        return json.dumps(vars(self), sort_keys=True, default=list)


class Kept:
    """The saved plans, states and logs of one release."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of(cls, session: Session) -> Kept:
        """The release's part of the private folder."""
        named = surroundings.environment(("GATES_TERRAFORM_PLANS",)).get("GATES_TERRAFORM_PLANS")
        root = Path(named) if named else session.settings.records.parent / "terraform-plans"
        return cls(root.absolute() / (re.sub(r"[^\w-]", "_", session.release.id) or "no-release"))

    def draft(self) -> Path:
        """A name for a file that is not kept yet. Raises ``EvidenceError`` when the folder cannot be made."""
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.mkdir(exist_ok=True, mode=0o700)
            self._forget_old()
        except OSError as error:
            raise EvidenceError(
                f"Plans cannot be kept in {self.folder}: {error.strerror}; set GATES_TERRAFORM_PLANS."
            ) from error
        return self.folder / f"draft-{secrets.token_hex(8)}"

    def plan(self, digest: str) -> Path:
        """The saved plan. Raises ``Absent``."""
        file = self._named(digest, "tfplan")
        if not file.is_file():
            raise Absent(f"The reviewed plan {digest[:12]} is not in {self.folder}; plan and review again on this machine.")
        return file

    def keep(self, draft: Path, digest: str) -> None:
        """Keep a drafted plan under its digest; one that is kept already stays."""
        draft.chmod(0o600)
        file = self._named(digest, "tfplan")
        if not file.exists():
            draft.replace(file)

    def has(self, digest: str) -> bool:
        """Whether the plan is kept here, and so whatever applying it wrote."""
        return self._named(digest, "tfplan").is_file()

    def log(self, digest: str) -> Path:
        """Where Terraform writes what it does while it applies the plan."""
        return self._named(digest, "log")

    def logs(self) -> list[Path]:
        """The logs of every plan that the release began to apply."""
        return sorted(self.folder.glob("*.log"))

    def keep_state(self, text: str) -> str:
        """Keep a state; its name for ``state``."""
        name = hashlib.sha256(text.encode()).hexdigest()
        draft = self.draft()
        draft.touch(mode=0o600)
        draft.write_text(text)
        draft.replace(self._named(name, "tfstate"))
        return name

    def state(self, name: str) -> str:
        """A kept state. Raises ``Absent``, and ``Malformed`` when it is not what was kept."""
        file = self._named(name, "tfstate")
        if not file.is_file():
            raise Absent(
                f"The state of before the release is not in {self.folder}; restore it from the backend's own versions."
            )
        text = file.read_text()
        if hashlib.sha256(text.encode()).hexdigest() != name:
            raise Malformed(f"{file} is not the state that was kept; restore it from the backend's own versions.")
        return text

    def _forget_old(self) -> None:
        """Remove files of ours, and nothing else, that no rollback will ask for any more."""
        latest = time.time() - _KEPT_DAYS * 86400
        for file in self.folder.parent.glob("*/*"):
            if _OURS.fullmatch(file.name) and file.stat().st_mtime < latest:
                file.unlink(missing_ok=True)

    def _named(self, name: str, kind: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{64}", name):
            raise EvidenceError(f"'{name}' is no plan's digest; capture the fact `digest` of the item that reviews the plan.")
        return self.folder / f"{name}.{kind}"


def make(kept: Kept, directory: Path, request: Request, reach: Reach) -> Planned:
    """Plan, save, and say what was planned. Raises ``EvidenceError``, ``Locked`` when somebody holds the state's lock."""
    draft = kept.draft()
    line = words("plan", out=str(draft), detailed_exitcode=True, **request.options())
    try:
        ended = run(line, directory, environment(reach), request.timeout_seconds)
        unset = _UNSET.findall(" ".join(ended.errors.split()))
        if ended.exit_status == 1 and unset:
            return Planned("", StateVersion("", 0), unset=tuple(dict.fromkeys(unset)))
        well(ended, f"terraform plan in {directory.name}", good=(0, 2))
        result = read(draft, directory)
        if ended.exit_status == 0 and not result.empty:
            raise Malformed(f"terraform plan in {directory.name} says that nothing changes, and its plan says otherwise.")
        kept.keep(draft, result.digest)
    finally:
        draft.unlink(missing_ok=True)
    return result


def read(file: Path, directory: Path) -> Planned:
    """What a saved plan proposes. Raises ``EvidenceError``."""
    ended = well(run(words("show", str(file), json=True), directory, environment("folder"), _SHOW_SECONDS), "terraform show")
    return planned(parsed(ended.output, "What terraform show printed"), _prior(file))


def _prior(file: Path) -> StateVersion:
    """The version of the state that the plan was made for: Terraform keeps that state in the plan and tells no other way."""
    try:
        with zipfile.ZipFile(file) as archive:
            return state_version(json.loads(archive.read("tfstate")))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise Malformed(f"The saved plan cannot be read: {error}.") from error
