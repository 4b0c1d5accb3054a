"""One check and one action of every argument type, in the catalogue only while these tests run."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest

from tasks.core import registry
from tasks.core.registry import Done
from tasks.core.verdicts import Verdict, passed


def probe(
    *,
    name: str,
    count: int = 1,
    ratio: float = 0.5,
    deep: bool = False,
    mode: Literal["quick", "slow"] = "quick",
    many: list[str] = [],  # noqa: B006
    labels: dict[str, str] = {},  # noqa: B006
    steps: list[dict[str, Any]] = [],  # noqa: B006
) -> Verdict:
    """The probe answers."""
    return passed(f"{name} {count} {ratio} {deep} {mode} {many} {labels} {steps}")


def change(*, target: str, leaves_nothing: bool = False) -> Done:
    """Changes the target."""
    return Done(f"{target} {leaves_nothing}")


@pytest.fixture(scope="module")
def rehearsal() -> Iterator[None]:
    probe.__module__ = "tasks.checks.rehearsal"
    change.__module__ = "tasks.actions.rehearsal"
    registry.check(remedy="none", aliases=("rehearsal.ping",))(probe)
    registry.action(remedy="none", settled=lambda: "unknown", irreversible="It is a rehearsal.")(change)
    registry.catalogue.cache_clear()
    yield
    del registry._definitions["rehearsal.probe"], registry._definitions["rehearsal.change"]
    registry.catalogue.cache_clear()
