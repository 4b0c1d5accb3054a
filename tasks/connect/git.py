"""Read door to the git repositories of the workspace: questions that change nothing, no network."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from tasks.connect.commands import Commands
from tasks.core.errors import EvidenceError, ReadOnly
from tasks.core.sample import Trail

if TYPE_CHECKING:
    from tasks.connect.session import Session

_QUESTIONS = frozenset({"cat-file", "diff", "for-each-ref", "log", "merge-base", "rev-parse", "status"})
_PATIENCE_SECONDS = 60


class Git:
    """Asks the git program, without credentials; a repository that holds the workspace itself is not one of the workspace's."""

    def __init__(self, commands: Commands, workspaces: Path, trail: Trail) -> None:
        self._commands = commands
        self._workspaces = workspaces
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Git:
        """The door to the repositories of the session's workspace."""
        return cls(Commands.open(session, trail), session.settings.workspaces, trail)

    @property
    def now(self) -> datetime:
        """The moment this sample of the world began."""
        return self._trail.sample.started

    def lines(self, directory: str, *words: str) -> list[str]:
        """What git prints for ``words`` in ``directory``, line by line.

        Raises ``Absent`` without git or the folder, ``EvidenceError`` when there is no repository or git cannot answer.
        """
        self._own(directory)
        status, lines = self._asked(directory, words)
        if status != 0:
            raise EvidenceError(f"`git {' '.join(words)}` in {directory or 'the workspace'} ended with {status}: {lines[-1:]}")
        return lines

    def agrees(self, directory: str, *words: str) -> bool:
        """Whether git answers a yes-or-no question with yes. Raises as ``lines`` does."""
        self._own(directory)
        status, lines = self._asked(directory, words)
        if status not in (0, 1):
            raise EvidenceError(f"`git {' '.join(words)}` in {directory or 'the workspace'} ended with {status}: {lines[-1:]}")
        return status == 0

    def _own(self, directory: str) -> None:
        status, lines = self._asked(directory, ("rev-parse", "--show-toplevel"))
        if status != 0 or not lines:
            raise EvidenceError(f"{directory or 'The workspace'} is in no git repository that can be read: {lines[-1:]}")
        if not Path(lines[-1]).resolve().is_relative_to(self._workspaces.resolve()):
            raise EvidenceError(f"{directory or 'The workspace'} is in no git repository of its own.")

    def _asked(self, directory: str, words: tuple[str, ...]) -> tuple[int, list[str]]:
        if words[0] not in _QUESTIONS:
            raise ReadOnly(f"A check may not run `git {words[0]}`: it may change something.")
        finished = self._commands.run(["git", "--no-optional-locks", *words], directory, _PATIENCE_SECONDS)
        return finished.exit_status, [line for line in finished.output.splitlines() if line.strip()]


def place(path: str) -> tuple[str, str]:
    """The folder of a path, to ask git in, and its name there."""
    whole = PurePosixPath(path)
    return "" if str(whole.parent) == "." else str(whole.parent), whole.name
