"""Bringing services under Docker Compose to a version, and back to the one that ran."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasks.connect.compose import ComposeWriter, Project
from tasks.core.containers import Container
from tasks.core.errors import ActionError
from tasks.core.registry import Done, Settled, action

_PATIENCE_SECONDS = 600.0
_MARGIN_SECONDS = 30.0  # what compose itself may need beside its own limit


def before(compose: ComposeWriter, *, project: str, services: list[str], **_rest: Any) -> dict[str, Any]:
    """The tag that each service runs, and whether the project ran at all: ``{"tags": {service: tag}, "ran": bool}``."""
    found = compose.containers(project)
    return {"tags": _tags(found, services), "ran": bool(found)}


def settled(
    compose: ComposeWriter, *, before: Mapping[str, Any], project: str, services: list[str], version: str, **_rest: Any
) -> Settled:
    """Done when every service runs the version and is healthy; not done when all run what they ran before; else unknown."""
    found = compose.containers(project)
    if services and not _shortcoming(found, services, version):
        return "done"
    return "not done" if _tags(found, services) == before["tags"] and bool(found) == before["ran"] else "unknown"


def undo(
    compose: ComposeWriter,
    *,
    before: Mapping[str, Any],
    project: str,
    file: str,
    services: list[str],
    version: str,
    directory: str = "",
    variable: str = "VERSION",
    timeout_seconds: float = _PATIENCE_SECONDS,
    **_rest: Any,
) -> str:
    """Bring each service back to the tag that it ran, and end what was not there before.

    Raises ``ActionError`` when a service does not run and get healthy at its earlier tag.
    """
    whole = Project(project, file, directory, variable)
    if not before["ran"]:
        compose.run(whole, ["down"], version, timeout_seconds)
        return f"Project {project} did not run before the release and has been taken down."
    earlier: Mapping[str, str] = before["tags"]
    found = compose.containers(project)
    for tag in dict.fromkeys(earlier.values()):
        own = [service for service in services if earlier.get(service) == tag and _shortcoming(found, [service], tag)]
        if own:
            _bring_up(compose, whole, own, tag, timeout_seconds)
    came = [service for service in services if service not in earlier and any(each.service == service for each in found)]
    if came:
        compose.run(whole, ["stop", *came], version, timeout_seconds)
    now = compose.containers(project)
    trouble = [told for service, tag in earlier.items() if (told := _shortcoming(now, [service], tag))]
    if trouble:
        raise ActionError(f"Project {project} is not back as it was: {'; '.join(trouble)}.")
    told = ", ".join(f"{service} {tag}" for service, tag in earlier.items())
    return f"Project {project} runs what it ran before the release: {told}."


@action(
    remedy="docker compose --project-name <project> ps --all; docker compose logs", before=before, settled=settled, undo=undo
)
def up(
    compose: ComposeWriter,
    *,
    project: str,
    file: str,
    services: list[str],
    version: str,
    directory: str = "",
    variable: str = "VERSION",
    timeout_seconds: float = _PATIENCE_SECONDS,
) -> Done:
    """Bring the services to the version and wait until they are healthy.

    ``file`` is the compose file, relative to ``directory``, a folder of the workspace; its images take their tag from the
    environment variable ``variable``. ``timeout_seconds`` limits the wait for health. Undone by bringing each service back to
    the tag that it ran, or by taking down a project that did not run.

    Example:
        action: compose.up
        with:
          project: toombos
          file: docker-compose.prod.yml
          directory: toombos
          services: [content-generator]
          version: 1.4.0

    """
    _bring_up(compose, Project(project, file, directory, variable), services, version, timeout_seconds)
    return _verified(compose, project, services, version)


@action(
    remedy="docker compose --project-name <project> ps --all; docker compose logs", before=before, settled=settled, undo=undo
)
def deploy_by_script(
    compose: ComposeWriter,
    *,
    command: list[str],
    project: str,
    file: str,  # noqa: ARG001  for the companions, which get every argument
    services: list[str],
    version: str,
    directory: str = "",
    variable: str = "VERSION",
    environment: dict[str, str] | None = None,
    timeout_seconds: float = 3600,
) -> Done:
    """Bring the services to the version by the team's own script.

    ``command`` is a list of words, run without a shell in ``directory`` of the system's checkout, with ``environment`` and the
    version in ``variable`` on top of the release's own. Afterwards every service must run, be healthy where it has a health
    check, and come from an image that carries ``version`` as its tag. ``file`` is the compose file, by which a rollback brings
    the services back to the tags that they ran.

    Example:
        action: compose.deploy_by_script
        with:
          command: [./deployment/scripts/deploy-docker-compose.sh, production]
          project: toombos
          file: docker-compose.prod.yml
          directory: toombos
          services: [content-generator]
          version: 1.4.0

    """
    shown = f"`{' '.join(command)}`"
    finished = compose.script(command, directory, {variable: version, **(environment or {})}, timeout_seconds)
    if finished.exit_status != 0:
        raise ActionError(f"{shown} ended with {finished.exit_status}: {finished.last_line}")
    return _verified(compose, project, services, version)


def _bring_up(compose: ComposeWriter, project: Project, services: list[str], tag: str, seconds: float) -> None:
    words = ["up", "--detach", "--wait", "--wait-timeout", f"{seconds:.0f}", *services]
    compose.run(project, words, tag, seconds + _MARGIN_SECONDS)


def _verified(compose: ComposeWriter, project: str, services: list[str], version: str) -> Done:
    if not services:
        raise ActionError("The item names no service, so nobody can say whether the version runs.")
    trouble = _shortcoming(compose.containers(project), services, version)
    if trouble:
        raise ActionError(f"Project {project} is not as wished: {trouble}.")
    return Done(f"{', '.join(services)} of project {project} run version {version}.", {"project": project})


def _shortcoming(found: list[Container], services: list[str], version: str) -> str:
    """What keeps the services from running the version, as the end of a sentence; empty when nothing does."""
    for service in services:
        own = [each for each in found if each.service == service]
        if not own:
            return f"{service} has no container"
        for each in own:
            if each.state != "running" or each.health not in ("", "healthy"):
                return str(each)
            if each.tag != version:
                return f"{each.name} is from {each.image}, wanted tag {version}"
    return ""


def _tags(found: list[Container], services: list[str]) -> dict[str, str]:
    """Of what runs or ran; a service of several images counts by its first."""
    return {each.service: each.tag for each in reversed(found) if each.service in services}
