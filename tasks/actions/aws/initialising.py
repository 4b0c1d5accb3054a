"""Creating the secrets that are missing, wherever they are kept, and deleting no others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tasks.connect.aws import AwsWriter
from tasks.connect.commands import CommandRunner
from tasks.core.errors import ActionError
from tasks.core.passwords import generated
from tasks.core.redaction import redact
from tasks.core.registry import Done, Settled

_SHORTEST = 16


@dataclass(frozen=True)
class Vault:
    """Where secrets are kept: what one is called there, whether there is one of a name, and how it is deleted."""

    thing: str
    holds: Callable[[AwsWriter, str], bool]
    delete: Callable[[AwsWriter, str], None]

    def before(self, aws: AwsWriter, _runner: CommandRunner, *, names: list[str], **_rest: Any) -> dict[str, Any]:
        """The names that are not there yet: ``{"missing": […]}``."""
        return {"missing": self.missing(aws, names)}

    def settled(
        self,
        aws: AwsWriter,
        _runner: CommandRunner,
        *,
        before: Mapping[str, Any],  # noqa: ARG002  the end is told from what there is now
        names: list[str],
        **_rest: Any,
    ) -> Settled:
        """Done when every one is there; anything less may simply be done again, for what is there is never changed."""
        return "not done" if self.missing(aws, names) else "done"

    def undo(self, aws: AwsWriter, _runner: CommandRunner, *, before: Mapping[str, Any], names: list[str], **_rest: Any) -> str:
        """Delete what was not there before the action, and nothing else."""
        created = [name for name in names if name in before["missing"] and self.holds(aws, name)]
        for name in created:
            self.delete(aws, name)
        if not created:
            return f"No {self.thing} is there that was not there before the release, so none is deleted."
        return f"Deleted {', '.join(created)}, which the release had created."

    def missing(self, aws: AwsWriter, names: list[str]) -> list[str]:
        """Those of the names that are not there."""
        return [name for name in names if not self.holds(aws, name)]


@dataclass(frozen=True)
class Script:
    """The team's own way to create what is missing; without a command there is none."""

    command: list[str] | None
    directory: str
    environment: dict[str, str] | None
    timeout_seconds: float


def fill(
    vault: Vault, aws: AwsWriter, runner: CommandRunner, names: list[str], *, script: Script, create: Callable[[str], None]
) -> Done:
    """Create what is missing, by the script or one by one. Raises ``ActionError`` when something stays missing."""
    if not names:
        raise ActionError(f"The item names no {vault.thing} to create.")
    missing = vault.missing(aws, names)
    if missing and script.command:
        _run(vault, aws, runner, missing, script)
    for name in missing if not script.command else ():
        create(name)
    created = f"created {', '.join(missing)}" if missing else "nothing was missing"
    return Done(f"Of {len(names)} {vault.thing}s: {created}.")


def secret(length: int) -> str:
    """A generated value that everything hides from now on. Raises ``ActionError`` for one too short to be a secret."""
    if length < _SHORTEST:
        raise ActionError(f"A secret of {length} characters can be guessed; have at least {_SHORTEST}.")
    value = generated(length)
    redact.learn(value)
    return value


def _run(vault: Vault, aws: AwsWriter, runner: CommandRunner, missing: list[str], script: Script) -> None:
    command = script.command or []
    shown = f"`{' '.join(command)}`"
    finished = runner.run(command, script.directory, script.environment, script.timeout_seconds)
    if finished.exit_status != 0:
        raise ActionError(f"{shown} ended with {finished.exit_status}: {finished.last_line}")
    left = vault.missing(aws, missing)
    if left:
        raise ActionError(f"{shown} ended well, yet there is no {vault.thing} {', '.join(left)}.")
