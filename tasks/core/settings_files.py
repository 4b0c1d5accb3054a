"""Values in configuration files: found by dotted keys, told from placeholders, quoted without what is secret."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tasks.core.errors import Malformed
from tasks.core.redaction import redact

_PLACEHOLDER = re.compile(
    r"<[^<>@]*>|\$\{|\{\{|(change|replace)[-_ ]?(me|this|with)(?![a-z])|placeholder"
    r"|^((todo|tbd|fixme)([:\s].*)?|none|null|n/a|\.\.\.|-|\?+|x{3,}|your[-_ ].*)$",
    re.IGNORECASE,
)


def is_placeholder(text: str) -> bool:
    """Whether somebody still has to fill the value in."""
    return _PLACEHOLDER.search(text) is not None


def at(content: Any, key: str) -> Any:
    """The value at a dotted key; None where there is none. Raises ``Malformed`` for what holds no names."""
    if not isinstance(content, dict):
        raise Malformed("What was read holds no names and values.")
    if key in content:
        return content[key]
    first, _, rest = key.partition(".")
    inner = content.get(first)
    return at(inner, rest) if rest and isinstance(inner, dict) else None


def flat(content: Any) -> dict[str, Any]:
    """Every single value and every list by its dotted key. Raises ``Malformed`` for what holds no names."""
    if not isinstance(content, Mapping):
        raise Malformed("What was read holds no names and values.")
    return dict(_leaves(content, ""))


def quoted(key: str, value: Any) -> str:
    """The value as a sentence may carry it: hidden where its key names a secret."""
    return str(redact({key.rpartition(".")[2]: str(value)})[key.rpartition(".")[2]])


def _leaves(content: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
