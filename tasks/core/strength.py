"""Whether a secret's value can be a secret, said without showing it."""

from __future__ import annotations

import re

_FEWEST_DIFFERENT = 8
_PLACEHOLDER = re.compile(
    r"change[_-]?me|replace[_-]?me|replace[_-]?with|placeholder|your[_-]|example|dummy|to[_-]?do\b|default[_-]?secret|<[\w -]+>"
    r"|x{6}|12345678|password",
    re.IGNORECASE,
)


def weakness(value: str, shortest: int) -> str:
    """What is wrong with the value as the end of a sentence, or nothing. ``shortest`` is in characters."""
    if not value.strip():
        return "is empty"
    if _PLACEHOLDER.search(value):
        return "looks like a placeholder that nobody replaced"
    if len(value) < shortest:
        return f"has {len(value)} characters, wanted at least {shortest}"
    different = len(set(value))
    if different < min(_FEWEST_DIFFERENT, shortest):
        return f"has only {different} different characters"
    return ""
