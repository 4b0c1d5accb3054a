"""What holds for every part of the suite."""

from __future__ import annotations

import pytest

_LATER = ("sandbox", "server", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The quick ones first: they tell soonest, and their tables hold times that are counted from when they were read."""
    items.sort(
        key=lambda item: max((_LATER.index(mark.name) + 1 for mark in item.iter_markers() if mark.name in _LATER), default=0)
    )
