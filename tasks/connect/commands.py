"""Doors to programs on this machine: a read door for checks, a write door for actions.

Beside Terraform's own doors the only importer of subprocess. A command is a list of words, run without a shell, in a
folder of the system's checkout.
"""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tasks.connect import settings as surroundings
from tasks.connect.workspace import folder
from tasks.core.errors import Absent, ActionError, EvidenceError, Unreachable
from tasks.core.redaction import redact
from tasks.core.sample import Trail

if TYPE_CHECKING:
    from tasks.connect.session import Session

_PASSED_ON = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SSL_CERT_FILE")
_CREDENTIAL = re.compile(r"^AWS_|^KUBE|^GATES_|^PREFECT_|TOKEN|SECRET|PASSW|CREDENTIAL|KEY|AUTH", re.IGNORECASE)
# HOME is needed by many tools and holds the credentials of others; these settings lead the latter astray.
_NO_CREDENTIALS = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "KUBECONFIG": os.devnull,
    "CLOUDSDK_CONFIG": os.devnull,
    "DOCKER_CONFIG": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
}
_LONGEST_OUTPUT = 200_000
_SHOWN_OUTPUT = 3000
_GRACE_SECONDS = 5.0

_log = logging.getLogger("gates.command")


@dataclass(frozen=True)
class Finished:
    """How a command ended: its exit status, and the end of what it printed (both streams, as they came)."""

    exit_status: int
    output: str

    def __str__(self) -> str:
        return f"exit status {self.exit_status}\n{self.output[-_SHOWN_OUTPUT:]}"

    @property
    def last_line(self) -> str:
        """The last line that says something: what a person would quote. Make's own last words say nothing."""
        lines = [line.strip() for line in self.output.splitlines() if line.strip() and not line.startswith(("make:", "make["))]
        return lines[-1][:200] if lines else "it printed nothing"


class Commands:
    """Read door: runs a command that has nothing to change the world with, for no credential reaches it."""

    def __init__(self, workspaces: Path, trail: Trail) -> None:
        self._workspaces = workspaces
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Commands:
        """The door to programs, in the session's workspace."""
        return cls(session.settings.workspaces, trail)

    @property
    def now(self) -> datetime:
        """The moment this sample of the world began."""
        return self._trail.sample.started

    def run(
        self, command: Sequence[str], directory: str = "", timeout_seconds: float = 600, variables: Sequence[str] = ()
    ) -> Finished:
        """Run ``command`` in ``directory`` with few environment variables and those that ``variables`` names.

        Raises ``Absent`` when the program or the folder is not there, ``Unreachable`` when it took too long and
        ``EvidenceError`` when it cannot be run or a named variable is a credential.
        """
        question = f"{json.dumps(list(command))} in '{directory or '.'}' within {timeout_seconds:g} s"
        question += f" with {', '.join(sorted(variables))}" if variables else ""
        finished: Finished = self._trail.read(
            "command", question, lambda: self._ask(list(command), directory, timeout_seconds, tuple(variables))
        )
        return finished

    def _ask(self, command: list[str], directory: str, timeout_seconds: float, variables: tuple[str, ...]) -> Finished:
        for name in filter(_CREDENTIAL.search, variables):
            raise EvidenceError(f"A check may not give {name} to a command: it may be a credential.")
        passed_on = surroundings.environment((*_PASSED_ON, *variables)) | _NO_CREDENTIALS
        place = folder(self._workspaces, directory)
        return execute(command, place, passed_on, timeout_seconds, keeps_children=False)


class CommandRunner:
    """Write door, for actions: the whole environment reaches the command, and its lines are logged as they come."""

    def __init__(self, workspaces: Path, release: str) -> None:
        self._workspaces = workspaces
        self._release = release

    @classmethod
    def open(cls, session: Session, trail: Trail) -> CommandRunner:  # noqa: ARG003  what is changed is no reading
        """The door to programs, in the session's workspace."""
        return cls(session.settings.workspaces, session.release.id)

    def run(
        self,
        command: Sequence[str],
        directory: str = "",
        environment: Mapping[str, str] | None = None,
        timeout_seconds: float = 3600,
    ) -> Finished:
        """Run ``command`` in ``directory`` with ``environment`` on top of ours. Raises ``ActionError`` when it did not end."""
        variables = {**surroundings.whole_environment(), "GATES_RELEASE": self._release, **(environment or {})}
        try:
            place = folder(self._workspaces, directory)
            return execute(list(command), place, variables, timeout_seconds, heard=_say, keeps_children=True)
        except (Absent, EvidenceError) as error:
            raise ActionError(str(error)) from error


def execute(
    command: list[str],
    directory: Path,
    variables: Mapping[str, str],
    timeout_seconds: float,
    *,
    heard: Callable[[str], None] = lambda _line: None,
    keeps_children: bool,
) -> Finished:
    """Run in a process group of its own, which is ended when time is up, or when this process is told to stop.

    ``heard`` gets each line. Without ``keeps_children`` what the command left running in its group is ended too.
    """
    process = _started(command, directory, variables)
    output = _Output(heard)
    reader = threading.Thread(target=output.drain, args=(process.stdout,), daemon=True)
    reader.start()
    ended = False
    try:
        status = process.wait(timeout_seconds)
        ended = True
    except subprocess.TimeoutExpired as error:
        raise Unreachable(f"`{' '.join(command)}` had not ended after {timeout_seconds:g} s and was stopped.") from error
    finally:
        if not (ended and keeps_children):
            _end_group(process)
        reader.join(_GRACE_SECONDS)
    return Finished(status, output.text)


class _Output:
    """The end of what a command printed, gathered by a thread."""

    def __init__(self, heard: Callable[[str], None]) -> None:
        self._heard = heard
        self._lines: list[str] = []
        self._length = 0

    def drain(self, stream: IO[str] | None) -> None:
        for line in stream or ():
            self._heard(line.rstrip("\n"))
            self._lines.append(line)
            self._length += len(line)
            while self._length > _LONGEST_OUTPUT and len(self._lines) > 1:
                self._length -= len(self._lines.pop(0))

    @property
    def text(self) -> str:
        return "".join(self._lines)[-_LONGEST_OUTPUT:]


def _started(command: list[str], directory: Path, variables: Mapping[str, str]) -> subprocess.Popen[str]:
    if not command or not command[0]:
        raise EvidenceError("The command is empty; name a program and its arguments.")
    try:
        return subprocess.Popen(
            command,
            cwd=directory,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except FileNotFoundError as error:
        place = f"in {directory}" if "/" in command[0] else "on the PATH"
        raise Absent(f"`{command[0]}` is not {place}; install it.") from error
    except (OSError, ValueError) as error:
        raise EvidenceError(f"`{command[0]}` cannot be run: {error}.") from error


def _end_group(process: subprocess.Popen[str]) -> None:
    for sign, patience in ((signal.SIGTERM, _GRACE_SECONDS), (signal.SIGKILL, _GRACE_SECONDS)):
        try:
            os.killpg(process.pid, sign)
        except (ProcessLookupError, PermissionError):
            return
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue


def _say(line: str) -> None:
    _log.info("%s", redact(line))
