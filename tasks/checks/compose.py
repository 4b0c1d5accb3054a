"""Services under Docker Compose: they run, are healthy, and run what was released."""

from __future__ import annotations

from collections.abc import Callable

from tasks.connect.compose import Compose
from tasks.core.containers import Container
from tasks.core.judges import every, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown


@check(remedy="docker compose --file <file> config --quiet")
def config_valid(compose: Compose, *, file: str, directory: str = "", env_file: str = "") -> Verdict:
    """The compose file is right, and every variable that it requires has a value.

    ``file`` and ``env_file`` are relative to ``directory``, which is a folder of the workspace. Asks docker compose; values are
    not printed.

    Example:
        check: compose.config_valid
        with: {file: docker-compose.prod.yml, directory: toombos, env_file: .env.production}

    """
    finished = compose.valid(file, directory, env_file)
    if finished.exit_status != 0:
        return failed(f"{file} is not right: {finished.last_line}")
    return passed(f"{file} is right.")


@check(remedy="docker image ls <repository>; docker compose build")
def images_built(compose: Compose, *, images: list[str]) -> Verdict:
    """Every image is there on the machine that will run it.

    ``images`` are names with their tags. Asks docker for each.

    Example:
        check: compose.images_built
        with: {images: ["halcytone/content-generator:1.4.0"]}

    """

    def built(name: str) -> Verdict:
        found = compose.image(name)
        return passed(f"Image {name} is {found[:19]}.") if found else failed(f"There is no image {name}.")

    return every("image", images, built)


@check(remedy="docker compose --project-name <project> ps --all")
def services_running(compose: Compose, *, project: str, services: list[str]) -> Verdict:
    """Every container of every service runs.

    ``project`` is Compose's name for the whole, ``services`` are the file's names. Asks docker compose for its containers.

    Example:
        check: compose.services_running
        with: {project: toombos, services: [content-generator, redis, postgres]}

    """
    return _judged(compose, project, services, lambda each: each.state == "running", lambda each: f"{each} is not running.")


@check(remedy="docker inspect --format '{{json .State.Health}}' <container>")
def services_healthy(compose: Compose, *, project: str, services: list[str]) -> Verdict:
    """Every container of every service runs and is healthy, by the health check of its own.

    A container without a health check is UNKNOWN: that it runs says little.
    ``project`` is Compose's name for the whole, ``services`` are the file's names. Asks docker compose for its containers.

    Example:
        check: compose.services_healthy
        with: {project: toombos, services: [content-generator]}

    """
    blind = [
        each for each in compose.containers(project) if each.service in services and each.state == "running" and not each.health
    ]
    if blind:
        return unknown(f"{listed(blind)} has no health check, so nobody can say whether it is healthy.")
    return _judged(compose, project, services, lambda each: each.health == "healthy", lambda each: f"{each} is not healthy.")


@check(remedy="docker compose --project-name <project> images")
def images_are_version(compose: Compose, *, project: str, services: list[str], version: str) -> Verdict:
    """Every container of every service runs, from an image that carries the version's tag.

    ``project`` is Compose's name for the whole, ``services`` are the file's names. Asks docker compose for its containers.

    Example:
        check: compose.images_are_version
        with: {project: toombos, services: [content-generator], version: 1.4.0}

    """
    return _judged(
        compose,
        project,
        services,
        lambda each: each.state == "running" and each.tag == version,
        lambda each: f"{each} is from {each.image}, wanted tag {version} and running.",
    )


def _judged(
    compose: Compose, project: str, services: list[str], good: Callable[[Container], bool], fault: Callable[[Container], str]
) -> Verdict:
    found = compose.containers(project)

    def of(service: str) -> Verdict:
        own = [each for each in found if each.service == service]
        if not own:
            return failed(f"Service {service} of project {project} has no container.")
        bad = [each for each in own if not good(each)]
        return failed(" ".join(map(fault, bad))) if bad else passed(f"{listed(own)} from {own[0].image}.")

    return every("service", services, of)
