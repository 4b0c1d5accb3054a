"""From a checklist file to a checklist that can be bound: all mistakes of one reading are told together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from checklists.lines import Location, Source, read
from checklists.mistakes import mistakes
from checklists.model import Checklist
from checklists.shape import shaped
from checklists.suggestions import listed, meant
from tasks.core.errors import DefinitionError, DefinitionErrors


@dataclass(frozen=True)
class Loaded:
    """A checklist without mistakes, and the file that it came from."""

    checklist: Checklist
    source: Source

    @property
    def digest(self) -> str:
        """SHA-256 of the file's bytes."""
        return self.source.digest

    def where(self, location: Location = ()) -> str:
        """``file:line`` of a part of the checklist."""
        return self.source.where(location)


def load(path: Path) -> Loaded:
    """The checklist in the file. Raises ``DefinitionErrors`` with every mistake, each with ``file:line``."""
    source = read(path)
    checklist = shaped(source)
    found = [DefinitionError(sentence, source.where(location)) for location, sentence in mistakes(checklist)]
    if checklist.checklist != path.stem:
        told = f"The checklist calls itself '{checklist.checklist}' but its file is {path.name}; make both the same."
        found.insert(0, DefinitionError(told, source.where(("checklist",))))
    if found:
        raise DefinitionErrors(sorted(found, key=_line))
    return Loaded(checklist, source)


def find(name: str, folder: Path) -> Path:
    """The file of the checklist of that name. Raises ``DefinitionError`` naming the ones there are."""
    known = names(folder)
    if name in known:
        return folder / f"{name}.yaml"
    there = f"there are {listed(known)}" if known else "the folder holds none"
    hint = meant(name, known)
    raise DefinitionError(f"There is no checklist '{name}' in {folder}{hint if hint != '.' else f'; {there}.'}")


def names(folder: Path) -> list[str]:
    """The checklists in the folder, by their file names; none when there is no such folder."""
    return sorted(path.stem for path in folder.glob("*.yaml") if path.is_file())


def _line(error: DefinitionError) -> int:
    return int(error.where.rpartition(":")[2])
