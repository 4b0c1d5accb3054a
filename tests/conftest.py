"""What holds for every part of the suite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tasks.connect import http
from tasks.core.redaction import redact

_LATER = ("sandbox", "server", "browser")
_SYSTEMS = ("kalendlytic", "step_functions", "gennet", "toombos")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The quick ones first: they tell soonest, and their tables hold times that are counted from when they were read.

    What needs a world of one of the larger systems is marked as such, wherever it stands.
    """
    for item in items:
        name = item.path.stem.removeprefix("test_") if item.path.parent.name == "end_to_end" else item.path.parent.name
        if name in _SYSTEMS and any(mark.name in _LATER for mark in item.iter_markers()):
            item.add_marker(pytest.mark.systems)
    items.sort(
        key=lambda item: max((_LATER.index(mark.name) + 1 for mark in item.iter_markers() if mark.name in _LATER), default=0)
    )


@pytest.fixture(autouse=True, scope="module")
def _a_process_of_its_own() -> Iterator[None]:
    """Modules share a process that a release would have for itself: what one learnt and how it connected is forgotten."""
    yield
    redact._known.clear()
    http._made.cache_clear()
