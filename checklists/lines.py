"""A YAML file as plain data that still knows its lines."""

from __future__ import annotations

import hashlib
import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq, TaggedScalar
from ruamel.yaml.constructor import DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.scalarbool import ScalarBoolean

from checklists.suggestions import shown
from tasks.core.errors import DefinitionError, DefinitionErrors

Location = tuple[str | int, ...]
"""Keys and indices from the top of the file: ``("phases", 0, "sections", 2, "title")``."""

_LARGEST = 200_000  # values: a file of a few aliases to aliases to aliases would fill the memory


class _Constructor(RoundTripConstructor):
    """Leaves dates as the text that was written: a checklist has no use for them, and JSON has none either."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)


@dataclass(frozen=True)
class Source:
    """One file read once. ``digest`` is the SHA-256 of its bytes, ``data`` its content as JSON types."""

    path: Path
    digest: str
    data: Any
    tree: Any

    def where(self, location: Location = ()) -> str:
        """``file:line`` of a key or an entry; of the nearest one around it when it is not written itself."""
        return f"{self.path}:{_line(self.tree, location)}"


def read(path: Path) -> Source:
    """The file's content and lines. Raises ``DefinitionErrors`` when it is not there, not text or not YAML."""
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise _one(f"The checklist cannot be read: {error.strerror or error}.", str(path)) from error
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _one("This is not UTF-8 text; save the file in UTF-8.", f"{path}:{line}") from error
    tree = _tree(path, text)
    if tree is None:
        raise _one("The file is empty; a checklist starts with `checklist: <name>`.", str(path))
    plain = _Plain(Source(path, "", None, tree))
    data = plain.value(tree, ())
    if plain.mistakes:
        raise DefinitionErrors(plain.mistakes)
    return Source(path, hashlib.sha256(content).hexdigest(), data, tree)


def _tree(path: Path, text: str) -> Any:
    yaml = YAML(typ="rt")
    yaml.Constructor = _Constructor
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReusedAnchorWarning)  # YAML allows it: the nearest one above counts
            return yaml.load(text)
    except DuplicateKeyError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        key = str(error.problem).partition('duplicate key "')[2].partition('"')[0]
        raise _one(f"The key '{key}' is written twice; keep one.", f"{path}:{line}") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _one(_explained(str(error.problem or error.context)), f"{path}:{mark.line + 1 if mark else 1}") from error
    except RecursionError as error:
        raise _one("The file is nested too deeply; flatten it.", str(path)) from error
    except YAMLError as error:
        raise _one(f"This is not YAML: {' '.join(str(error).split())}.", str(path)) from error
    # ruamel lets errors of its own inside pass as they are: of int(), of tags it half knows, of a mapping merged with itself.
    except (ValueError, TypeError, AttributeError, LookupError, AssertionError) as error:
        raise _one("This YAML cannot be understood; look at its anchors, tags and long numbers.", str(path)) from error


def _explained(problem: str) -> str:
    if "\\t" in problem or "\t" in problem:
        return "A tab stands where YAML wants spaces; indent with spaces."
    hint = {
        "mapping values are not allowed here": "; a text with ': ' in it needs quotes, and keys of one mapping line up",
        "expected <block end>, but found": "; check the indentation of this line and the ones before it",
        "found undefined alias": "; define it above with an `&` anchor",
    }
    return f"This is not YAML: {problem}{next((told for start, told in hint.items() if start in problem), '')}."


class _Plain:
    """Turns the round-trip tree into JSON types and collects what has no JSON form."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.mistakes: list[DefinitionError] = []
        self.count = 0

    def value(self, node: Any, location: Location) -> Any:
        self.count += 1
        if self.count > _LARGEST:
            raise _one(f"The file holds more than {_LARGEST} values, most of them through aliases.", str(self.source.path))
        if isinstance(node, (CommentedMap, CommentedSeq)):
            return self._inside(node, location)
        return self._scalar(node, location)

    def _inside(self, node: Any, location: Location) -> Any:
        if isinstance(node, CommentedSeq):
            return [self.value(each, (*location, index)) for index, each in enumerate(node)]
        for key in node:
            if not isinstance(key, str):
                self._refuse(f"The key {shown(key)} is not text; put it in quotes.", (*location, key))
        return {str(key): self.value(each, (*location, str(key))) for key, each in node.items()}

    def _scalar(self, node: Any, location: Location) -> Any:
        if node is None or isinstance(node, bool):
            return node
        if isinstance(node, ScalarBoolean):
            return bool(node)
        if isinstance(node, TaggedScalar) or not isinstance(node, (str, int, float)):
            return self._refuse("YAML tags (`!…`) are not used in a checklist; write the value plainly.", location)
        if isinstance(node, float) and not math.isfinite(node):
            return self._refuse(f"{node} is not a number that a check can use; put it in quotes if it is text.", location)
        plain = next(kind for kind in (str, int, float) if isinstance(node, kind))
        return plain(node)

    def _refuse(self, message: str, location: Location) -> None:
        self.mistakes.append(DefinitionError(message, self.source.where(location)))


def _line(tree: Any, location: Location) -> int:
    return list(_lines(tree, location))[-1]


def _lines(tree: Any, location: Location) -> Iterator[int]:
    """The line of the tree, then of each step of the location as far as it is written."""
    yield tree.lc.line + 1 if isinstance(tree, (CommentedMap, CommentedSeq)) else 1
    for step in location:
        if not isinstance(tree, (CommentedMap, CommentedSeq)):
            return
        place = (tree.lc.data or {}).get(step)
        if place is not None:
            yield place[0] + 1
        try:
            tree = tree[step]
        except (LookupError, TypeError):
            return


def _one(message: str, where: str) -> DefinitionErrors:
    return DefinitionErrors([DefinitionError(message, where)])
