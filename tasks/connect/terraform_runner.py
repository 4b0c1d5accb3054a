"""Write door to Terraform, for actions: it applies saved plans, and nothing else changes infrastructure.

Terraform writes what it does to a file, not to a pipe, so that it goes on, and can be asked about, when our process is killed.
"""

from __future__ import annotations

import json
import logging
import platform
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.connect import terraform_plans
from tasks.connect.terraform import place, pulled
from tasks.connect.terraform_plans import Kept, Request
from tasks.connect.terraform_program import Lock, environment, lock_in, meaning, run, started, stop, well, words
from tasks.connect.terraform_progress import Progress, end, mentions, messages, processes, wait
from tasks.core.answers import Answer
from tasks.core.errors import ActionError, EvidenceError
from tasks.core.redaction import redact
from tasks.core.sample import Trail
from tasks.core.terraform import Planned, StateVersion

if TYPE_CHECKING:
    from tasks.connect.session import Session

_MARK = "GATES_TERRAFORM_PLAN"
_TICK_SECONDS = 0.2
_SECONDS = 900

log = logging.getLogger("gates.terraform")


class TerraformRunner:
    """Configurations in the workspace, the release's saved plans, and every variable of the environment."""

    def __init__(self, workspaces: Path, kept: Kept, release: str) -> None:
        self._workspaces = workspaces
        self._kept = kept
        self._release = release
        self.host = platform.node()

    @classmethod
    def open(cls, session: Session, trail: Trail) -> TerraformRunner:  # noqa: ARG003  what is changed is no reading
        """The door to the configurations in the session's workspace."""
        return cls(session.settings.workspaces, Kept.of(session), session.release.id)

    def initialise(self, directory: str, backend_config: list[str], workspace: str = "") -> None:
        """Initialise the folder with the provider versions of its lock file, and select an existing workspace."""
        found = place(self._workspaces, directory)
        locked = {"lockfile": "readonly"} if (found / ".terraform.lock.hcl").is_file() else {}
        line = words("init", input=False, reconfigure=True, backend_config=backend_config, **locked)
        well(run(line, found, self._environment(), _SECONDS), f"terraform init in {directory}")
        if workspace:
            line = words("workspace select", workspace)
            well(run(line, found, self._environment(), _SECONDS), f"terraform workspace select in {directory}")

    def state(self, directory: str, workspace: str = "") -> Answer:
        """The current state, values and all: not for any record."""
        return pulled(place(self._workspaces, directory, workspace), "everything")

    def keep_state(self, state: Answer) -> str:
        """Keep the content of a state in the private folder; its name."""
        return self._kept.keep_state(json.dumps(state))

    def push_kept_state(self, directory: str, name: str, over: StateVersion) -> None:
        """Make a kept state the version after ``over``. Terraform refuses when the state moved meanwhile."""
        draft = self._kept.draft()
        draft.touch(mode=0o600)
        draft.write_text(json.dumps({**json.loads(self._kept.state(name)), "serial": over.serial + 1}))
        try:
            ended = run(words("state push", str(draft)), place(self._workspaces, directory), self._environment(), _SECONDS)
            well(ended, f"terraform state push in {directory}")
        finally:
            draft.unlink(missing_ok=True)

    def plan(self, directory: str, workspace: str, request: Request) -> Planned:
        """Plan and save. Raises ``EvidenceError``."""
        result = terraform_plans.make(self._kept, place(self._workspaces, directory, workspace), request, "everything")
        if result.unset:
            raise EvidenceError(f"'{directory}' cannot be planned: no value for {', '.join(result.unset)}.")
        return result

    def saved(self, directory: str, digest: str) -> Planned:
        """The saved plan of this digest. Raises ``Absent``, and ``ActionError`` when the file is not that plan any more."""
        found = terraform_plans.read(self._kept.plan(digest), place(self._workspaces, directory))
        if found.digest != digest:
            raise ActionError(f"The saved plan has digest {found.short_digest}, reviewed was {digest[:12]}; review it again.")
        return found

    def apply(self, directory: str, workspace: str, digest: str, timeout_seconds: float, lock_seconds: int = 30) -> Planned:
        """Apply the saved plan of this digest, logging its lines as they come. Raises ``ActionError`` when that failed."""
        plan = self.saved(directory, digest)
        line = words("apply", str(self._kept.plan(digest)), json=True, input=False, lock_timeout=f"{lock_seconds}s")
        status = self._watched(line, place(self._workspaces, directory, workspace), digest, timeout_seconds)
        seen = self.progress(digest)
        if status is None:
            raise ActionError(f"terraform apply in {directory} had not ended after {timeout_seconds:g} s and was stopped.")
        if status != 0 or seen is None or not seen.completed:
            complaint = seen.complaint if seen else "it said nothing"
            raise ActionError(f"terraform apply in {directory} ended with {status}: {complaint}")
        return plan

    def has(self, digest: str) -> bool:
        """Whether this machine has the plan, and so the log of its applying."""
        return self._kept.has(digest)

    def progress(self, digest: str) -> Progress | None:
        """How far applying the plan came; None when that never began."""
        try:
            text = self._kept.log(digest).read_text(errors="replace")
        except FileNotFoundError:
            return None
        return Progress.of(text)

    def lock(self, directory: str, workspace: str, request: Request) -> Lock | None:
        """Who holds the state's lock; None when it is free. Found by taking it for a plan that refreshes nothing."""
        draft = self._kept.draft()
        options = request.options() | {"refresh": False, "lock_timeout": "0s", "out": str(draft)}
        try:
            ended = run(words("plan", **options), place(self._workspaces, directory, workspace), self._environment(), _SECONDS)
        finally:
            draft.unlink(missing_ok=True)
        held = lock_in(ended.errors) if ended.exit_status == 1 else None
        if ended.exit_status == 1 and held is None:
            raise meaning(ended.errors, f"terraform plan in {directory}")
        return held

    def left_by_us(self, lock: Lock) -> bool:
        """Whether an apply of this release took the lock, on this machine, and does not run any more."""
        logs = [Progress.of(path.read_text(errors="replace")) for path in self._kept.logs()]
        return self._running() is False and any(seen.took(lock, self.host) for seen in logs)

    def unlock(self, directory: str, workspace: str, lock: Lock) -> None:
        """Free exactly this lock. For a settled probe that knows that its holder is gone, and for nobody else."""
        ended = run(
            words("force-unlock", lock.id, force=True),
            place(self._workspaces, directory, workspace),
            self._environment(),
            _SECONDS,
        )
        well(ended, f"terraform force-unlock in {directory}")
        log.warning("Freed %s of %s: its holder was ended.", lock, directory)

    def at_rest(self, timeout_seconds: float) -> bool:
        """Wait for an apply of this release that may still run here, and end what it left. False when that cannot be had."""
        ended = wait(lambda: self._running() is not True, timeout_seconds)
        return ended and self._running() is False and end(lambda: self._ours() or [])

    def _watched(self, line: list[str], directory: Path, digest: str, timeout_seconds: float) -> int | None:
        """Exit status; None when time was up."""
        path = self._kept.log(digest)
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        until = time.monotonic() + timeout_seconds
        with path.open("w") as written, path.open() as heard:
            process = started(line, directory, self._environment() | {_MARK: digest}, written, subprocess.STDOUT)
            rest = ""
            try:
                while process.poll() is None and time.monotonic() < until:
                    time.sleep(_TICK_SECONDS)
                    rest = _say(rest + heard.read())
                in_time = process.poll() is not None
            finally:
                stop(process)
            _say(rest + heard.read() + "\n")
        return process.returncode if in_time else None

    def _environment(self) -> dict[str, str]:
        return environment("everything", GATES_RELEASE=self._release)

    def _running(self) -> bool | None:
        """Whether an apply of this release runs here; None where processes cannot be looked through."""
        ours = self._ours()
        return None if ours is None else any(mentions(process, ".tfplan") for process in ours)

    def _ours(self) -> list[Path] | None:
        return processes(f"{_MARK}=", f"GATES_RELEASE={self._release}\0")


def _say(text: str) -> str:
    """Log whole lines; the rest comes back."""
    whole, _, rest = text.rpartition("\n")
    for shape in messages(whole):
        log.info("%s", redact(str(shape.get("@message", ""))))
    return rest
