"""``docker`` for machines without an engine: the part of its command line that releases use.

python -m deployments.sandbox.compose.docker --state DIR/docker.json compose -f compose.yaml up --detach --wait
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

if __package__ in (None, ""):  # run as a file, from whatever folder the release works in
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from deployments.sandbox.compose import composition
from deployments.sandbox.compose.composition import Composition
from deployments.sandbox.compose.engine import Engine, Refused, build, fetch, started

_FILES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
Options = argparse.Namespace


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    options = _parser().parse_args(words)
    try:
        found: int = options.run(Engine(options.state), options) or 0
    except Refused as error:
        _mutter(error)
        return 1
    return found


def version(_engine: Engine, _options: Options) -> None:
    """Say what stands here in Docker's place."""
    _say("Docker version 28.0.0, build sandbox")


def build_image(engine: Engine, options: Options) -> None:
    """Have an image under its tags, if its Dockerfile is there."""
    dockerfile = Path(options.file) if options.file else Path(options.context) / "Dockerfile"
    if not dockerfile.is_file():
        raise Refused(f"ERROR: failed to read dockerfile: open {dockerfile.name}: no such file or directory")
    with engine.changing() as state:
        for tag in options.tag:
            _say(f"naming to {tag} {build(state, tag)} done")


def inspect_images(engine: Engine, options: Options) -> None:
    """Tell of images that are here."""
    images = engine.seen()["images"]
    for name in options.names:
        if name not in images:
            raise Refused(f"Error response from daemon: No such image: {name}")
    told = [{"Id": images[name], "RepoTags": [name]} for name in options.names]
    _say("\n".join(each["Id"] for each in told) if options.format else json.dumps(told))


def push(engine: Engine, options: Options) -> None:
    """Send an image that is here to its registry."""
    if options.name not in engine.seen()["images"]:
        raise Refused(f"An image does not exist locally with the tag: {options.name}")
    _say(f"{options.name}: digest: {engine.seen()['images'][options.name]}")


def up(engine: Engine, options: Options) -> int:
    """Start what the file says, and wait for its health where asked to."""
    project = _composition(options)
    troubles: list[str] = []
    with engine.changing() as state:
        running = state["projects"].setdefault(project.name, {})
        for service in project.chosen(options.services):
            if service.built and (options.build or service.image not in state["images"]):
                build(state, service.image)
            fetch(state, service.image)
            known = running.get(service.name)
            if not known or known["image"] != service.image or known["state"] != "running" or options.force_recreate:
                running[service.name] = started(state, service.name, service.image, known=service.watched)
            now = running[service.name]
            name = f"{project.name}-{service.name}-1"
            _mutter(f" Container {name}  {'Started' if now is not known else 'Running'}")
            if now["state"] != "running":
                troubles.append(f"container {name} exited ({now['exit_code']})")
            elif now["health"] == "unhealthy":
                troubles.append(f"container {name} is unhealthy")
    if options.wait and troubles:
        raise Refused("\n".join(troubles))
    return 0


def down(engine: Engine, options: Options) -> None:
    """End the whole project."""
    with engine.changing() as state:
        for name in state["projects"].pop(_project(options), {}):
            _mutter(f" Container {_project(options)}-{name}-1  Removed")


def stop(engine: Engine, options: Options) -> None:
    """Stop services; they stay known."""
    with engine.changing() as state:
        containers = state["projects"].get(_project(options), {})
        for name in options.services or list(containers):
            containers[name] = {**containers[name], "state": "exited", "health": "", "exit_code": 0}


def ps(engine: Engine, options: Options) -> None:
    """Tell of the project's containers, one JSON object a line or a table."""
    containers: Mapping[str, Any] = engine.seen()["projects"].get(_project(options), {})
    for name, each in containers.items():
        if (options.services and name not in options.services) or (each["state"] != "running" and not options.all):
            continue
        told = {
            "Name": f"{_project(options)}-{name}-1",
            "Project": _project(options),
            "Service": name,
            "Image": each["image"],
            "State": each["state"],
            "Health": each["health"],
            "ExitCode": each["exit_code"],
            "CreatedAt": each["started"],
        }
        _say(json.dumps(told) if options.format == "json" else f"{told['Name']:40} {each['image']:40} {each['state']}")


def config(_engine: Engine, options: Options) -> None:
    """Tell whether the file is right, or what it says once variables are filled in."""
    project = _composition(options)
    if options.quiet:
        return
    lines = [each.name for each in project.services] if options.services_only else None
    lines = [each.image for each in project.services] if options.images else lines
    _say("\n".join(lines) if lines is not None else json.dumps({**project.content, "name": project.name}, indent=2))


def build_services(engine: Engine, options: Options) -> None:
    """Build the images of the services that are built here."""
    with engine.changing() as state:
        for service in _composition(options).chosen(options.services):
            if service.built:
                _say(f"{service.name}: {build(state, service.image)}")


def pull(engine: Engine, options: Options) -> None:
    """Fetch the images of the services."""
    with engine.changing() as state:
        for service in _composition(options).chosen(options.services):
            if not service.built:
                fetch(state, service.image)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _mutter(text: object) -> None:
    sys.stderr.write(f"{text}\n")


def _composition(options: Options) -> Composition:
    path = _file(options)
    if options.env_file and not Path(options.env_file).is_file():
        raise Refused(f"couldn't find env file: {options.env_file}")
    given = composition.settings(Path(options.env_file) if options.env_file else path.parent / ".env")
    return composition.read(path, options.project, {**given, **os.environ})


def _project(options: Options) -> str:
    return options.project or os.environ.get("COMPOSE_PROJECT_NAME", "") or _composition(options).name


def _file(options: Options) -> Path:
    if options.file:
        return Path(options.file)
    found = next((Path(name) for name in _FILES if Path(name).is_file()), None)
    if found is None:
        raise Refused("no configuration file provided: not found")
    return found


def _parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="docker")
    top.add_argument("--state", type=Path, required=True, help="where the stand-in remembers")
    top.add_argument("--version", "-v", dest="run", action="store_const", const=version)
    commands = top.add_subparsers()
    commands.add_parser("version").set_defaults(run=version)
    building = commands.add_parser("build")
    building.add_argument("--tag", "-t", action="append", default=[])
    building.add_argument("--file", "-f", default="")
    building.add_argument("--build-arg", action="append")
    building.add_argument("context")
    building.set_defaults(run=build_image)
    pushing = commands.add_parser("push")
    pushing.add_argument("name")
    pushing.set_defaults(run=push)
    looking = commands.add_parser("image").add_subparsers().add_parser("inspect")
    looking.add_argument("--format", "-f", default="")
    looking.add_argument("names", nargs="+")
    looking.set_defaults(run=inspect_images)
    _compose(commands.add_parser("compose"))
    return top


def _compose(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--file", "-f", default="")
    parser.add_argument("--project-name", "-p", dest="project", default="")
    parser.add_argument("--env-file", default="")
    parser.add_argument("--version", dest="run", action="store_const", const=version)
    commands = parser.add_subparsers()
    flags: dict[str, tuple[Callable[[Engine, Options], Any], tuple[str, ...]]] = {
        "up": (
            up,
            ("--detach", "-d", "--wait", "--build", "--no-deps", "--force-recreate", "--remove-orphans", "--quiet-pull"),
        ),
        "down": (down, ("--remove-orphans", "--volumes", "-v")),
        "stop": (stop, ()),
        "ps": (ps, ("--all", "-a", "--quiet", "-q")),
        "config": (config, ("--quiet", "-q", "--images")),
        "build": (build_services, ("--no-cache", "--pull")),
        "pull": (pull, ("--quiet", "-q", "--ignore-buildable")),
        "version": (version, ("--short",)),
    }
    for name, (run, words) in flags.items():
        command = commands.add_parser(name)
        for long in (word for word in words if word.startswith("--")):
            short = [word for word in words if word == long[1:3]]
            command.add_argument(long, *short, action="store_true")
        command.set_defaults(run=run)
        if name == "config":
            command.add_argument("--services", dest="services_only", action="store_true")
        if name in ("ps", "config"):
            command.add_argument("--format", default="")
        if name == "up":
            command.add_argument("--wait-timeout", type=float)
            command.add_argument("--pull", default="")
        command.add_argument("services", nargs="*")


if __name__ == "__main__":
    sys.exit(main())
