"""Lines of logs: how grave one is, whether it gives a secret away, and how it may be quoted."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable

from tasks.core.redaction import HIDDEN, redact

LEVELS = ("trace", "debug", "info", "warning", "error", "critical")
_ALIASES = {"warn": "warning", "err": "error", "fatal": "critical", "crit": "critical", "notice": "info", "information": "info",
            "panic": "critical", "alert": "critical", "emergency": "critical", "emerg": "critical"}  # fmt: skip
_FIELDS = ("level", "severity", "levelname", "log.level", "lvl")
_WORDS = "|".join((*LEVELS, *_ALIASES))
# As a field, in capitals anywhere, or as the first word: "error" in the middle of a sentence is not the line's level.
_IN_TEXT = re.compile(rf"""\b(?:level|severity|lvl)\s*[=:]\s*"?(\w+)|\b({_WORDS.upper()})\b|^\W*({_WORDS})\b""")
_BY_NAME = re.compile(
    r"""(?P<name>(?:\w*[_-])?(?:password|passwd|passphrase|secret|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?token)\w*)
        (?P<between>["']?\s*[=:]\s*["']?)
        (?P<value>(?!\*{3}|\[|<|\$\{|null\b|none\b|true\b|false\b|redacted|hidden|x{3})[^\s"',;&}\])]{6,})""",
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST = 200


def level_of(line: str) -> str:
    """One of ``LEVELS``, or nothing where the line does not tell."""
    told = ""
    if line.lstrip().startswith("{"):
        try:
            fields = json.loads(line)
        except ValueError:
            fields = {}
        told = next((str(fields[name]) for name in _FIELDS if isinstance(fields, dict) and name in fields), "")
    if not told and (found := _IN_TEXT.search(line)):
        told = next(filter(None, found.groups()), "")
    told = told.lower()
    return told if told in LEVELS else _ALIASES.get(told, "")


def below(level: str) -> tuple[str, ...]:
    """The levels that say more than ``level`` does, as words that logs write them with."""
    under = LEVELS[: LEVELS.index(level)]
    return (*under, *(word for word, meant in _ALIASES.items() if meant in under))


def exposures(lines: Iterable[str]) -> dict[str, int]:
    """How many lines give a secret away, by what gives it away; never the secret."""
    found: Counter[str] = Counter()
    for line in lines:
        if named := _BY_NAME.search(line):
            found[named["name"].lower()] += 1
        elif redact(line) != line:
            found["shape of a secret"] += 1
    return dict(found)


def quoted(line: str) -> str:
    """The line as a sentence may carry it: on one line, not too long, secrets hidden."""
    hidden = _BY_NAME.sub(lambda found: f"{found['name']}{found['between']}{HIDDEN}", redact(" ".join(line.split())))
    return hidden if len(hidden) <= _LONGEST else f"{hidden[:_LONGEST]}…"
