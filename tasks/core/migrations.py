"""Migrations of a database: which are prepared in files, which the database has."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

_REVISION = re.compile(r"""^revision\b[^=\n]*=\s*["'](\w+)["']""", re.MULTILINE)
_PARENT = re.compile(r"""^down_revision\b[^=\n]*=\s*["'](\w+)["']""", re.MULTILINE)


@dataclass(frozen=True)
class Migration:
    """A prepared migration: its version, and the one it follows where the file says so (Alembic)."""

    version: str
    file: str
    parent: str = ""


def migration(file: str, text: str) -> Migration:
    """The migration in a file: of the revision it names, else of its own name up to the first ``_`` or point."""
    revision = _REVISION.search(text)
    if revision is None:
        return Migration(version_of(file), file)
    parent = _PARENT.search(text)
    return Migration(revision[1], file, parent[1] if parent else "")


def version_of(name: str) -> str:
    """``0003`` of ``0003_add_index.sql``; Flyway's leading V is no part of it."""
    return re.sub(r"^V(?=\d)", "", re.split(r"[_.]", name, maxsplit=1)[0])


def applied(prepared: Iterable[Migration], told: Collection[str]) -> set[str]:
    """What the database has: what it tells of, and where it tells of the newest alone (Alembic) all that this one follows."""
    parents = {each.version: each.parent for each in prepared}
    found = {version_of(each) if each not in parents else each for each in told}
    following = list(found)
    while following:
        parent = parents.get(following.pop(), "")
        if parent and parent not in found:
            found.add(parent)
            following.append(parent)
    return found
