"""Compose files: variables filled in, services read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .engine import Refused

_VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)(?P<rest>:?[-?][^}]*)?\}|(?P<plain>\w+)|(?P<dollar>\$))")


@dataclass(frozen=True)
class Service:
    """One service: its image, whether it is built here, whether its health is looked after, and what it needs first."""

    name: str
    image: str
    built: bool
    watched: bool
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Composition:
    """A project's name and its services in the file's order."""

    name: str
    services: tuple[Service, ...]
    content: Mapping[str, Any]

    def chosen(self, names: list[str]) -> list[Service]:
        """The named services, or all of them. Raises ``Refused`` for a name that is none."""
        known = {each.name: each for each in self.services}
        for name in names:
            if name not in known:
                raise Refused(f"no such service: {name}")
        return [known[name] for name in names] or list(self.services)


def read(path: Path, project: str, variables: Mapping[str, str]) -> Composition:
    """The file with its variables filled in. Raises ``Refused`` as compose would."""
    try:
        content = yaml.safe_load(path.read_text())
    except FileNotFoundError as error:
        raise Refused(f"open {path}: no such file or directory") from error
    except yaml.YAMLError as error:
        raise Refused(f"yaml: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict) or not isinstance(content.get("services"), dict):
        raise Refused(f"{path.name}: empty compose file")
    filled = _filled(content, variables)
    name = project or str(filled.get("name", "")) or path.resolve().parent.name
    return Composition(name, tuple(_service(name, *pair) for pair in filled["services"].items()), filled)


def settings(path: Path) -> dict[str, str]:
    """The values of a dotenv file; none where there is none."""
    if not path.is_file():
        return {}
    pairs = (line.partition("=") for line in path.read_text().splitlines() if "=" in line and not line.startswith("#"))
    return {name.removeprefix("export ").strip(): value.strip().strip("'\"") for name, _, value in pairs}


def _service(project: str, name: str, content: Any) -> Service:
    if not isinstance(content, dict) or not ("image" in content or "build" in content):
        raise Refused(f'service "{name}" has neither an image nor a build context specified: invalid compose project')
    image = str(content.get("image", f"{project}-{name}"))
    if image.endswith(":"):
        raise Refused(f"invalid reference format: {image}")
    return Service(name, image, "build" in content, "healthcheck" in content, content)


def _filled(value: Any, variables: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(each, variables) for name, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, variables) for each in value]
    return _VARIABLE.sub(lambda found: _value(found, variables), value) if isinstance(value, str) else value


def _value(found: re.Match[str], variables: Mapping[str, str]) -> str:
    if found["dollar"]:
        return "$"
    name, rest = found["braced"] or found["plain"], found["rest"] or ""
    value = variables.get(name)
    if value is not None and (value or not rest.startswith(":")):
        return value
    sign, text = rest.removeprefix(":")[:1], rest.removeprefix(":")[1:]
    if sign == "?":
        raise Refused(f"required variable {name} is missing a value: {text}")
    return text if sign == "-" else ""
