"""What ``docker compose`` tells of a project's containers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tasks.core.errors import Malformed


@dataclass(frozen=True)
class Container:
    """One container: of which service, from which image, ``running`` or not, and its health, empty where nobody looks."""

    name: str
    service: str
    image: str
    state: str
    health: str

    def __str__(self) -> str:
        return f"{self.name} ({self.state}{f', {self.health}' if self.health else ''})"

    @property
    def tag(self) -> str:
        """The tag of the image; ``latest`` where it names none, empty where it is named by its digest."""
        if "@" in self.image:
            return ""
        last = self.image.rpartition("/")[2]
        return last.partition(":")[2] or "latest"


def containers(output: str) -> list[Container]:
    """The containers that ``ps --format json`` printed: a line each, or by an older compose one list. Raises ``Malformed``.

    What else was printed, such as warnings, is passed over.
    """
    found: list[Container] = []
    for line in output.splitlines():
        if line.lstrip().startswith(("{", "[{", "[]")):
            try:
                content = json.loads(line)
                found += [_container(each) for each in (content if isinstance(content, list) else [content])]
            except (KeyError, ValueError) as error:
                raise Malformed(f"docker compose told of its containers what cannot be understood: {error!r}.") from error
    return found


def _container(told: dict[str, Any]) -> Container:
    return Container(told["Name"], told["Service"], told["Image"], told["State"], told.get("Health", ""))
