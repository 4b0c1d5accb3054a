"""Secrets that nobody has thought of."""

from __future__ import annotations

import secrets
import string

_SIGNS = "!#%*+-_=?"  # of those that password rules count as special, the ones that no shell and no URL minds
_KINDS = (string.ascii_lowercase, string.ascii_uppercase, string.digits, _SIGNS)


def generated(length: int) -> str:
    """A password with a character of every kind that rules may demand. ``length`` is at least 4."""
    every = "".join(_KINDS)
    characters = [secrets.choice(kind) for kind in _KINDS] + [secrets.choice(every) for _ in range(length - len(_KINDS))]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)
