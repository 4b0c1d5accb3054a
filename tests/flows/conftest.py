"""Folders of a release, lamps in the catalogue, and task runs that run where they are called: no Prefect server."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from flows import gates, undoing
from tasks.core import registry
from tasks.core.verdicts import Verdict, unknown
from tests.flows import rehearsal


@pytest.fixture(scope="session")
def _catalogue() -> Iterator[None]:
    """The rehearsal's check and actions, in the catalogue only while these tests run."""
    rehearsal.lit.__module__ = "tasks.checks.trial"
    rehearsal.switch.__module__ = rehearsal.burn.__module__ = "tasks.actions.trial"
    registry.check(remedy="Light it.")(rehearsal.lit)
    registry.action(remedy="Pull the plug.", before=rehearsal.noted, settled=rehearsal.settled, undo=rehearsal.unswitch)(
        rehearsal.switch
    )
    registry.action(remedy="None.", settled=lambda **_given: "unknown", irreversible="Ash stays ash.")(rehearsal.burn)
    registry.catalogue.cache_clear()
    yield
    for name in ("lit", "switch", "burn"):
        del registry._definitions[f"trial.{name}"]
    registry.catalogue.cache_clear()


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _catalogue: None) -> Path:
    """The folders of the settings, and a world in which every lamp is lit and every switch works."""
    for name, value in (("HOME", "."), ("RECORDS", "records"), ("WORKSPACES", "workspaces"), ("APPROVERS", "approvers.yaml")):
        monkeypatch.setenv(f"GATES_{name}", str(tmp_path / value))
    monkeypatch.delenv("GATES_SLACK_WEBHOOK", raising=False)
    rehearsal.registry(tmp_path / "approvers.yaml")
    monkeypatch.setattr(rehearsal, "lamps", rehearsal.Lamps())
    return tmp_path


@pytest.fixture
def titles(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Task runs as plain calls, with the runtime's own rule that what breaks is UNKNOWN; gathers their titles."""
    ran: list[str] = []

    def alone(_name: str, title: str, work: Callable[[], Verdict]) -> Verdict:
        ran.append(title)
        try:
            return work()
        except Exception:  # noqa: BLE001  as a task run ends
            return unknown(f"Judging '{title}' broke.")

    def together(works: Mapping[str, tuple[str, Callable[[], Verdict]]]) -> dict[str, Verdict]:
        return {name: alone(name, title, work) for name, (title, work) in works.items()}

    monkeypatch.setattr(gates, "alone", alone)
    monkeypatch.setattr(gates, "together", together)
    monkeypatch.setattr(undoing, "alone", alone)
    return ran
