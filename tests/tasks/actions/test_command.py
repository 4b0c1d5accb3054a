from pathlib import Path
from typing import Any

import pytest

from tasks import evaluation
from tasks.connect.session import Release, Session
from tasks.connect.settings import Settings
from tasks.core.errors import ActionError
from tasks.core.registry import catalogue
from tasks.core.verdicts import Status

RUN = catalogue()["command.run"]
UNDO = ["sh", "-c", "rm -f switched-on; echo switched off"]
SWITCH: dict[str, Any] = {
    "command": ["sh", "-c", "echo $GATES_RELEASE > switched-on; echo switched on"],
    "undo_command": UNDO,
    "settled_command": ["sh", "-c", "test -e switched-on"],
}


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(Settings(tmp_path, tmp_path, tmp_path, tmp_path, ""), release=Release(id="release-7"))


def test_runs_the_command_for_the_release(session: Session, tmp_path: Path) -> None:
    done = evaluation.perform(RUN, SWITCH, session)

    assert done.summary.endswith("ended with 0: switched on")
    assert (tmp_path / "switched-on").read_text() == "release-7\n"


def test_a_command_that_ends_badly_failed(session: Session) -> None:
    with pytest.raises(ActionError, match="ended with 4: no quota"):
        evaluation.perform(RUN, {"command": ["sh", "-c", "echo no quota; exit 4"]}, session)


def test_undo_restores_and_may_be_called_twice(session: Session, tmp_path: Path) -> None:
    evaluation.perform(RUN, SWITCH, session)
    verdicts = [evaluation.undo(RUN, SWITCH, session, {}) for _ in range(2)]

    assert [verdict.status for verdict in verdicts] == [Status.PASSED, Status.PASSED]
    assert verdicts[0].summary.startswith("Undid `sh -c echo")
    assert not (tmp_path / "switched-on").exists()


def test_nothing_needs_undoing_where_nothing_is_left(session: Session) -> None:
    verdict = evaluation.undo(RUN, {"command": ["make", "install"], "leaves_nothing": True}, session, {})

    assert verdict.summary == "`make install` leaves nothing that must be undone."


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, "a person must take back what it changed"),
        ({"undo_command": ["sh", "-c", "echo still in use; exit 1"]}, "ended with 1: still in use"),
    ],
    ids=["no undo_command", "undo_command fails"],
)
def test_an_undo_that_cannot_be_says_so(session: Session, arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(ActionError, match=says):
        evaluation.undo(RUN, {"command": ["make", "migrate"], **arguments}, session, {})


@pytest.mark.parametrize("happened", [True, False], ids=["done", "not done"])
def test_the_probe_tells_after_an_interruption(session: Session, *, happened: bool) -> None:
    if happened:
        evaluation.perform(RUN, SWITCH, session)

    assert evaluation.settle(RUN, SWITCH, session, {}) == ("done" if happened else "not done")


@pytest.mark.parametrize(
    ("arguments", "settled"),
    [
        ({}, "unknown"),
        ({"idempotent": True}, "not done"),
        ({"settled_command": ["sh", "-c", "exit 2"]}, "unknown"),
        ({"settled_command": ["no-such-probe"]}, "unknown"),
        ({"settled_command": ["true"], "idempotent": True}, "not done"),
    ],
    ids=["nobody knows", "may run again", "the probe does not know", "no probe", "running again needs no probe"],
)
def test_settled(session: Session, arguments: dict[str, Any], settled: str) -> None:
    assert evaluation.settle(RUN, {"command": ["make", "migrate"], **arguments}, session, {}) == settled
