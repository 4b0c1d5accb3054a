"""Read door to the manifests in the system's checkout."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.connect.workspace import inside
from tasks.core.answers import Answer, answer
from tasks.core.errors import Absent, EvidenceError, Malformed
from tasks.core.sample import Trail

if TYPE_CHECKING:
    from tasks.connect.session import Session

_ENDINGS = (".yaml", ".yml", ".json")
_FIRST = ("Namespace", "CustomResourceDefinition")


class Manifests:
    """Kubernetes objects as the team's files describe them."""

    def __init__(self, workspaces: Path, trail: Trail) -> None:
        self._workspaces = workspaces
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Manifests:
        """The door to the session's workspace."""
        return cls(session.settings.workspaces, trail)

    def read(self, paths: list[str]) -> list[Answer]:
        """The objects in the files and, by name, in the files of the folders; namespaces and definitions come first.

        Raises ``Absent`` for a path that is not there, ``Malformed`` for a file that is no manifest, and ``EvidenceError``
        when there is no object at all.
        """
        found: list[Answer] = self._trail.read("manifests", f"objects in {', '.join(paths)}", lambda: self._read(paths))
        return found

    def _read(self, paths: list[str]) -> list[Answer]:
        things = [thing for path in paths for file in self._files(path) for thing in _things(file, file.name)]
        if not things:
            raise EvidenceError(f"There is no Kubernetes object in {', '.join(paths) or 'no file'}.")
        return sorted(things, key=lambda thing: thing["kind"] not in _FIRST)

    def _files(self, path: str) -> list[Path]:
        place = inside(self._workspaces, path)
        if place.is_dir():
            return sorted(file for file in place.iterdir() if file.suffix in _ENDINGS and file.is_file())
        if not place.is_file():
            raise Absent(f"There is no file or folder '{path}' in the workspace {self._workspaces}.")
        return [place]


def _things(file: Path, name: str) -> Iterator[Answer]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        documents = list(YAML(typ="safe").load_all(file.read_text(encoding="utf-8-sig")))
    except (YAMLError, UnicodeDecodeError, OSError) as error:
        raise Malformed(f"{name} cannot be understood: {' '.join(str(error).split())}.") from error
    for document in documents:
        for thing in _listed(document):
            yield _checked(thing, name)


def _listed(document: Any) -> list[Any]:
    """The objects of one document: none, one, or those of a List."""
    if document is None:
        return []
    if isinstance(document, dict) and document.get("kind") == "List":
        return list(document.get("items") or [])
    return [document]


def _checked(thing: Any, name: str) -> Answer:
    said = thing if isinstance(thing, dict) else {}
    if not said.get("apiVersion") or not said.get("kind") or not (said.get("metadata") or {}).get("name"):
        raise Malformed(f"{name} holds a document without apiVersion, kind and metadata.name.")
    found: Answer = answer(thing)
    return found
