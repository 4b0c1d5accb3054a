"""What a person who mistyped a name may have meant, and how values are shown back to them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any


def meant(word: str, known: Iterable[str]) -> str:
    """``"; did you mean 'x'?"`` when a known word is close, else ``"."``: the end of a sentence."""
    known = sorted(set(known))
    close = get_close_matches(word, known, n=1, cutoff=0.6) or [each for each in known if _alike(each.lower(), word.lower())]
    return f"; did you mean '{close[0]}'?" if close else "."


def _alike(one: str, other: str) -> bool:
    """Case apart the same, or one cut short: `prod` for `production`."""
    return one == other or (min(len(one), len(other)) >= 3 and (one.startswith(other) or other.startswith(one)))


def listed(words: Iterable[str], conjunction: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    words = list(words)
    return f" {conjunction} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def shown(value: Any) -> str:
    """A value of a YAML or JSON text as it is quoted in a sentence, cut to a readable length."""
    text = f"'{value}'" if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}…{text[-1]}"
