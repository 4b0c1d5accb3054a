"""Tables that somebody collected: CSV with a head line, or a JSON list of objects."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tasks.core.errors import Malformed

Row = Mapping[str, Any]
_MOST_VALUES = 6


def rows(text: str, what: str) -> list[Row]:
    """The rows of the table. Raises ``Malformed``, naming ``what``."""
    if text.lstrip()[:1] in ("[", "{"):
        try:
            return listed_rows(json.loads(text), what)
        except ValueError as error:
            raise Malformed(f"{what} is no JSON: {error}.") from error
    return list(csv.DictReader(io.StringIO(text)))


def listed_rows(content: Any, what: str) -> list[Row]:
    """``content`` when it is a list of objects. Raises ``Malformed``."""
    if not isinstance(content, list) or not all(isinstance(each, dict) for each in content):
        raise Malformed(f"{what} holds no list of rows.")
    return content


def counted(table: Sequence[Row], column: str) -> str:
    """How often each value stands in the column, the commonest first: ``5: 8, 4: 3``. Raises ``Malformed``."""
    counts = Counter(str(cell(row, column)) for row in table)
    return ", ".join(f"{value}: {count}" for value, count in counts.most_common(_MOST_VALUES))


def cell(row: Row, column: str) -> Any:
    """What stands in the column. Raises ``Malformed`` where there is no such column."""
    if column not in row:
        raise Malformed(f"There is no column '{column}'; there are {', '.join(map(str, row))}.")
    return row[column]
