"""Read door to the files of the system's checkout: text, and names with values in JSON, YAML, dotenv and tfvars."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.connect.workspace import folder, inside
from tasks.core.answers import answer
from tasks.core.assignments import assignments
from tasks.core.errors import Absent, EvidenceError, Malformed
from tasks.core.redaction import Unshown
from tasks.core.sample import Trail

if TYPE_CHECKING:
    from tasks.connect.session import Session

_LARGEST = 1_000_000
_LARGEST_SEARCHED = 20_000_000
_MOST_FILES = 5_000
_NOT_OURS = frozenset({".git", ".venv", "node_modules", "__pycache__", ".terraform"})


class Files:
    """Files below the workspace; a path that leads out of it is refused, through links too."""

    def __init__(self, workspaces: Path, trail: Trail) -> None:
        self._workspaces = workspaces
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Files:
        """The door to the session's workspace."""
        return cls(session.settings.workspaces, trail)

    @property
    def now(self) -> datetime:
        """The moment this sample of the world began."""
        return self._trail.sample.started

    def text(self, path: str) -> str:
        """The file as text. Raises ``Absent``, or ``EvidenceError`` when it is no text or larger than 1 MB."""
        shown: Callable[[str], str] = Unshown if _holds_settings(path) else str
        found: str = self._trail.read("files", f"text of {path}", lambda: shown(self._text(path)))
        return found

    def size(self, path: str) -> int:
        """The file's size in bytes. Raises ``Absent`` when it is not there or is no file."""
        found: int = self._trail.read("files", f"size of {path}", lambda: self._file(path).stat().st_size)
        return found

    def changed(self, path: str) -> datetime:
        """When the file was last written, for reports that do not say when they were made. Raises ``Absent``."""
        found: datetime = self._trail.read(
            "files", f"last change of {path}", lambda: datetime.fromtimestamp(self._file(path).stat().st_mtime, UTC)
        )
        return found

    def names(self, path: str) -> list[str]:
        """The files that lie in the folder itself, sorted. Raises ``Absent`` when there is no such folder."""
        found: list[str] = self._trail.read("files", f"names in {path}", lambda: self._names(path))
        return found

    def values(self, path: str) -> Any:
        """The content of a JSON, YAML, dotenv (.env, .env.production) or tfvars file. Raises ``Malformed`` for another."""
        return self._trail.read("files", f"values of {path}", lambda: answer(_parsed(path, self._text(path))))

    def holding(self, path: str, values: Mapping[str, str]) -> dict[str, list[str]]:
        """Every file at and below ``path``, with the names of those ``values`` that stand in it; the values stay unshown.

        Folders of tools are left out. Raises ``Absent`` when there is nothing at ``path``, and ``EvidenceError`` for more than
        5,000 files or one larger than 20 MB.
        """
        question = f"which of {', '.join(values)} stand in the files of {path}"
        found: dict[str, list[str]] = self._trail.read("files", question, lambda: dict(self._searched(path, values)))
        return found

    def _searched(self, path: str, values: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
        top = inside(self._workspaces, path)
        if not top.exists():
            raise Absent(f"There is no '{path}' in the workspace {self._workspaces}.")
        for count, file in enumerate(_walked(top)):
            if count == _MOST_FILES:
                raise EvidenceError(f"'{path}' has more than {_MOST_FILES} files; name a folder with fewer.")
            name = os.path.relpath(file, self._workspaces.resolve())
            content = _bytes(file, name)
            yield name, [each for each, value in values.items() if value.encode() in content]

    def _names(self, path: str) -> list[str]:
        return sorted(each.name for each in folder(self._workspaces, path).iterdir() if each.is_file())

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
    from ruamel.yaml.error import YAMLError

    read = _reader(path)

    try:
        return read(text)
    except (ValueError, YAMLError) as error:
        raise Malformed(f"{path} cannot be understood: {' '.join(str(error).split())}.") from error


def _reader(path: str) -> Callable[[str], Any]:
    if _holds_settings(path):
        return lambda text: {name: Unshown(value) for name, value in assignments(text).items()}
    return json.loads if path.endswith(".json") else _yaml


def _holds_settings(path: str) -> bool:
    """Whether it is a dotenv or tfvars file, any value of which may be a secret."""
    name = Path(path).name
    return name.endswith((".env", ".tfvars")) or name.startswith(".env")


def _bytes(file: Path, name: str) -> bytes:
    try:
        if (size := file.stat().st_size) > _LARGEST_SEARCHED:
            raise EvidenceError(f"{name} has {size} bytes; files up to {_LARGEST_SEARCHED} bytes are searched.")
        return file.read_bytes()
    except OSError as error:
        raise EvidenceError(f"{name} cannot be read: {error.strerror}.") from error


def _walked(top: Path) -> Iterator[Path]:
    if top.is_file():
        yield top
        return
    for place, folders, names in os.walk(top):
        folders[:] = sorted(set(folders) - _NOT_OURS)
        yield from (file for file in (Path(place, name) for name in sorted(names)) if file.is_file() and not file.is_symlink())


def _yaml(text: str) -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe").load(text)
