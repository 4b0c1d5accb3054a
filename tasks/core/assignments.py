"""Files of ``NAME=value`` lines: dotenv files, and the simple values of Terraform's tfvars."""

from __future__ import annotations

import re

_LINE = re.compile(r"^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*?)\s*$")
_QUOTED = re.compile(r"""^(["'])(.*?)(?<!\\)\1\s*(?:#.*)?$""")


def assignments(text: str) -> dict[str, str]:
    """The values by their names, the last one where a name comes twice. Raises ``ValueError`` for a line that is none.

    Quotes and comments are taken off; a value of several lines (a tfvars list or map) is the text of its first line only.
    """
    found: dict[str, str] = {}
    depth = 0
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if depth == 0 and bare and not bare.startswith("#"):
            matched = _LINE.match(line)
            if matched is None:
                raise ValueError(f"line {number} is no NAME=value")
            found[matched[1]] = _value(matched[2])
        depth = max(0, depth + _opened(bare))
    return found


def _value(text: str) -> str:
    quoted = _QUOTED.match(text)
    return quoted[2] if quoted else re.split(r"\s#", text, maxsplit=1)[0].strip()


def _opened(line: str) -> int:
    """How many brackets of a list or a map the line leaves open; those inside quotes do not count."""
    unquoted = re.sub(r"""(["']).*?(?<!\\)\1""", "", line)
    ends_open = unquoted.rstrip().endswith(("[", "{"))
    closes = unquoted.strip().startswith(("]", "}"))
    return ends_open - closes
