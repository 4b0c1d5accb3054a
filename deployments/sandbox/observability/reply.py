"""What a page answers, and to whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Reply:
    """Body as text, or anything else as JSON."""

    body: Any
    status: int = 200


class Product(Protocol):
    """What has pages."""

    def answer(self, path: str, query: Mapping[str, str]) -> Reply:
        """One page."""


NOT_FOUND = Reply({"error": "no such page"}, 404)
_REFUSED = Reply({"message": "unauthorized"}, 401)
_FOR_EVERYBODY = "/api/health"


def answered(
    product: Product, path: str, query: Mapping[str, str], authorization: str = "", keys: Collection[str] | None = None
) -> Reply:
    """One page; where there are keys only to who brings one of them, but for Grafana's health."""
    known = keys is None or path == _FOR_EVERYBODY or authorization.partition(" ")[2] in keys
    return product.answer(path, query) if known else _REFUSED
