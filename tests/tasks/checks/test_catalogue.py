"""What holds for every check there is, whatever it checks."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

from tasks.core.registry import Definition, definitions
from tasks.core.verdicts import Status
from tests.tasks import checks
from tests.tasks.world import Case

CHECKS = definitions("check")


def cases() -> Iterator[Case]:
    for module in pkgutil.walk_packages(checks.__path__, prefix=f"{checks.__name__}."):
        yield from getattr(importlib.import_module(module.name), "CASES", [])


EVERY_CASE = list(cases())


@pytest.mark.parametrize("status", [Status.PASSED, Status.FAILED, Status.UNKNOWN], ids=["passes", "fails", "is not answered"])
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_check_has_a_world_where_it(check: Definition, status: Status) -> None:
    assert [case for case in EVERY_CASE if case.check == check.id and case.status is status]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_check_documents_itself(check: Definition) -> None:
    assert check.title
    assert check.why
    assert check.remedy
    assert f"check: {check.id}" in check.example
