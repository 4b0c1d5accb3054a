"""Reading a Dockerfile: its stages, and what the last one is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tasks.core.errors import Malformed

_COPY_FROM = re.compile(r"--from=(\S+)")


@dataclass(frozen=True)
class Stage:
    """One FROM: the image, the stage's own name, the user that it ends with, and whose files it copies."""

    image: str
    name: str = ""
    user: str = ""
    copies_from: str = ""


def stages(text: str) -> list[Stage]:
    """The stages in order. Raises ``Malformed`` when there is no FROM."""
    found: list[Stage] = []
    for words in _instructions(text):
        word, rest = words[0].upper(), words[1:]
        if word == "FROM":
            found.append(_begun([each for each in rest if not each.startswith("--")], found))
        elif found and word == "USER" and rest:
            found[-1] = replace(found[-1], user=rest[0])
        elif found and word == "COPY" and (source := _COPY_FROM.match(rest[0] if rest else "")):
            found[-1] = replace(found[-1], copies_from=source[1])
    if not found:
        raise Malformed("The file is no Dockerfile: it has no FROM.")
    return found


def _begun(words: list[str], earlier: list[Stage]) -> Stage:
    """A stage that goes on from an earlier one starts with that one's user."""
    name = words[2] if len(words) == 3 and words[1].upper() == "AS" else ""
    user = next((each.user for each in earlier if each.name and each.name == words[0]), "")
    return Stage(words[0] if words else "", name, user)


def _instructions(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    whole = re.sub(r"\\\s*\n", " ", "\n".join(lines))
    return [words for line in whole.splitlines() if (words := line.split())]
