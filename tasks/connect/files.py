"""Read door to the files of the system's checkout: text, JSON and YAML."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.connect.workspace import inside
from tasks.core.answers import answer
from tasks.core.errors import Absent, EvidenceError, Malformed
from tasks.core.sample import Trail

if TYPE_CHECKING:
    from tasks.connect.session import Session

_LARGEST = 1_000_000


class Files:
    """Files below the workspace; a path that leads out of it is refused, through links too."""

    def __init__(self, workspaces: Path, trail: Trail) -> None:
        self._workspaces = workspaces
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Files:
        """The door to the session's workspace."""
        return cls(session.settings.workspaces, trail)

    def text(self, path: str) -> str:
        """The file as text. Raises ``Absent``, or ``EvidenceError`` when it is no text or larger than 1 MB."""
        found: str = self._trail.read("files", f"text of {path}", lambda: self._text(path))
        return found

    def size(self, path: str) -> int:
        """The file's size in bytes. Raises ``Absent`` when it is not there or is no file."""
        found: int = self._trail.read("files", f"size of {path}", lambda: self._file(path).stat().st_size)
        return found

    def values(self, path: str) -> Any:
        """The content of a JSON or YAML file. Raises ``Malformed`` when it is neither."""
        return self._trail.read("files", f"values of {path}", lambda: answer(_parsed(path, self._text(path))))

    def _text(self, path: str) -> str:
        file = self._file(path)
        if (size := file.stat().st_size) > _LARGEST:
            raise EvidenceError(f"{path} has {size} bytes; files up to {_LARGEST} bytes are read.")
        try:
            return file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise Malformed(f"{path} is no UTF-8 text: {error.reason} at byte {error.start}.") from error
        except OSError as error:
            raise EvidenceError(f"{path} cannot be read: {error.strerror}.") from error

    def _file(self, path: str) -> Path:
        file = inside(self._workspaces, path)
        if not file.is_file():
            raise Absent(f"There is no file '{path}' in the workspace {self._workspaces}.")
        return file


def _parsed(path: str, text: str) -> Any:
    read: Callable[[str], Any] = json.loads if path.endswith(".json") else _yaml
    from ruamel.yaml.error import YAMLError

    try:
        return read(text)
    except (ValueError, YAMLError) as error:
        raise Malformed(f"{path} cannot be understood: {' '.join(str(error).split())}.") from error


def _yaml(text: str) -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe").load(text)
