"""From a checklist file to a checklist that can be bound: all mistakes of one reading are told together."""

from __future__ import annotations

from collections.abc import Iterator
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
    read_so_far = shaped(source)
    found = [*read_so_far.mistakes]
    if read_so_far.checklist is not None:
        found += _wrong_name(read_so_far.checklist, path)
        found += [each for each in mistakes(read_so_far.checklist) if not _beside(each[0], read_so_far.left_out)]
    if found or read_so_far.checklist is None:
        errors = [DefinitionError(sentence, source.where(location)) for location, sentence in found]
        raise DefinitionErrors(sorted(errors, key=_line))
    return Loaded(read_so_far.checklist, source)


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


def _wrong_name(checklist: Checklist, path: Path) -> Iterator[tuple[Location, str]]:
    if checklist.checklist != path.stem:
        told = f"The checklist calls itself '{checklist.checklist}' but its file is {path.name}; make both the same."
        yield ("checklist",), told


def _beside(location: Location, left_out: tuple[Location, ...]) -> bool:
    """Whether the mistake may only come from leaving out a part of the same mapping."""
    return any(location[: len(part) - 1] == part[:-1] for part in left_out if len(part) > 1)


def _line(error: DefinitionError) -> int:
    return int(error.where.rpartition(":")[2])
