"""Doors to Docker Compose by the docker command: a read door for checks, a write door for actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.connect.commands import CommandRunner, Commands, Finished
from tasks.core.containers import Container, containers
from tasks.core.errors import ActionError, EvidenceError, Unreachable
from tasks.core.sample import Trail

if TYPE_CHECKING:
    from tasks.connect.session import Session

_REACHING = ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH")
_PATIENCE_SECONDS = 60
_LISTING = ("ps", "--all", "--format", "json")
_NO_COMPOSE = (
    "unknown command: docker compose",
    "'compose' is not a docker command",
    "unknown flag: --project-name",
    "unknown flag: --file",
)
_NO_ENGINE = ("Cannot connect to the Docker daemon", "error during connect", "permission denied while trying to connect")


@dataclass(frozen=True)
class Project:
    """What compose commands are run for: the file in its folder, and the variable that its images take their tag from."""

    name: str
    file: str
    directory: str
    variable: str


class Compose:
    """Read door: lists containers, looks at images, validates files. Secrets of a file's variables are never printed."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Compose:
        """The door to the engine that the docker command of this machine reaches."""
        return cls(Commands.open(session, trail))

    def containers(self, project: str) -> list[Container]:
        """All containers of the project, also those that ended. Raises ``Unreachable`` without an engine."""
        return containers(self._well(["docker", "compose", "--project-name", project, *_LISTING]).output)

    def valid(self, file: str, directory: str = "", env_file: str = "") -> Finished:
        """How ``config --quiet`` ended for the file."""
        given = ["--env-file", env_file] if env_file else []
        return self._asked(["docker", "compose", "--file", file, *given, "config", "--quiet"], directory)

    def image(self, name: str) -> str | None:
        """The ID of an image that the engine has; None when it has none of that name."""
        finished = self._asked(["docker", "image", "inspect", "--format", "{{.Id}}", name])
        if finished.exit_status != 0:
            if "No such image" in finished.output:
                return None
            raise EvidenceError(f"docker cannot tell of image {name}: {finished.last_line}")
        return finished.last_line

    def _well(self, words: Sequence[str]) -> Finished:
        finished = self._asked(words)
        if finished.exit_status != 0:
            raise EvidenceError(f"`{' '.join(words)}` ended with {finished.exit_status}: {finished.last_line}")
        return finished

    def _asked(self, words: Sequence[str], directory: str = "") -> Finished:
        finished = self._commands.run(words, directory, _PATIENCE_SECONDS, _REACHING)
        if finished.exit_status != 0 and any(sign in finished.output for sign in _NO_ENGINE):
            raise Unreachable(f"The Docker engine was not reached: {finished.last_line}")
        if finished.exit_status != 0 and any(sign in finished.output for sign in _NO_COMPOSE):
            raise EvidenceError("The docker command of this machine has no compose; install Docker's compose plugin.")
        return finished


class ComposeWriter:
    """Write door: every command passes."""

    def __init__(self, runner: CommandRunner) -> None:
        self._runner = runner

    @classmethod
    def open(cls, session: Session, trail: Trail) -> ComposeWriter:
        """The door to the engine that the docker command of this machine reaches."""
        return cls(CommandRunner.open(session, trail))

    def containers(self, project: str) -> list[Container]:
        """All containers of the project. Raises ``ActionError`` without an engine."""
        finished = self._runner.run(
            ["docker", "compose", "--project-name", project, *_LISTING], timeout_seconds=_PATIENCE_SECONDS
        )
        if finished.exit_status != 0:
            raise ActionError(f"docker cannot tell what runs in project {project}: {finished.last_line}")
        return containers(finished.output)

    def run(self, project: Project, words: Sequence[str], tag: str, timeout_seconds: float) -> None:
        """Run a compose command for the project's file at a tag. Raises ``ActionError`` when it did not end well."""
        command = ["docker", "compose", "--project-name", project.name, "--file", project.file, *words]
        finished = self._runner.run(command, project.directory, {project.variable: tag}, timeout_seconds)
        if finished.exit_status != 0:
            raise ActionError(f"`{' '.join(command)}` ended with {finished.exit_status}: {finished.last_line}")

    def script(self, command: list[str], directory: str, environment: Mapping[str, str], timeout_seconds: float) -> Finished:
        """Run the team's own script."""
        return self._runner.run(command, directory, environment, timeout_seconds)
