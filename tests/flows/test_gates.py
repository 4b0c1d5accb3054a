"""The checks of a gate: one sample decides, and only what is known to be good opens it."""

from collections.abc import Callable
from typing import Any

import pytest

from checklists.plan import Call, Late
from flows import gates
from flows.gates import run_gate, run_gate_once
from tasks.core.errors import Absent, Denied, EvidenceError
from tasks.core.verdicts import Status, Verdict, failed, unknown
from tests.flows import rehearsal
from tests.flows.rehearsal import again, gate, item, last, start, types

pytestmark = pytest.mark.usefixtures("house", "titles")


@pytest.mark.parametrize(
    ("seen", "status", "verdict"),
    [
        (Verdict(Status.PASSED, "lit"), "open", Status.PASSED),
        (failed("dark"), "closed", Status.FAILED),
        (unknown("no light to see by"), "closed", Status.UNKNOWN),
        (Denied("not allowed"), "closed", Status.UNKNOWN),
        (Absent("no lamp"), "closed", Status.FAILED),
        (KeyError("a bug"), "closed", Status.UNKNOWN),
        (EvidenceError(""), "closed", Status.UNKNOWN),
    ],
    ids=["passes", "fails", "unknown", "denied", "absent", "breaks", "says nothing"],
)
def test_a_gate_opens_on_what_is_known_to_be_good(seen: Any, status: str, verdict: Status) -> None:
    journey = start(gate(item("seen", see="a"), item("other", see="b")))
    rehearsal.lamps.seen["a"] = seen
    outcome = run_gate(journey, "0-0-1", journey.gate(0, 0))

    assert (outcome["status"], outcome["items"]) == (status, [] if status == "open" else ["seen"])
    assert last(journey, "sampled")["verdicts"]["seen"]["status"] == verdict
    assert last(journey, "sampled")["open"] == (status == "open")
    standing = again(journey).standings()["seen"].verdict
    assert standing is not None
    assert standing.status is verdict


def test_every_check_is_asked_though_the_first_fails(titles: list[str]) -> None:
    journey = start(gate(*(item(name, see=name) for name in "abc")))
    rehearsal.lamps.seen["a"] = failed("dark")
    run_gate(journey, "0-0-1", journey.gate(0, 0))

    assert rehearsal.lamps.looks == ["a", "b", "c"]
    assert titles == ["A", "B", "C"]


@pytest.mark.parametrize("skip", ["", "Not asked for."], ids=["by an earlier outcome", "by the plan"])
def test_a_check_that_does_not_apply_is_skipped(skip: str) -> None:
    late = {"skip": skip, "when": "" if skip else 'outcome("first") == "FAILED"'}
    journey = start(gate(item("first", see="a")), gate(item("second", see="b", **late)))
    statuses = [run_gate(journey, f"0-{n}-1", journey.gate(0, n))["status"] for n in (0, 1)]

    assert statuses == ["open", "open"]
    assert rehearsal.lamps.looks == ["a"]
    assert last(journey, "sampled")["verdicts"]["second"]["status"] == "SKIPPED"


def test_a_check_that_depends_on_an_undecided_outcome_is_unknown() -> None:
    journey = start(gate(item("second", see="b", when='outcome("first") == "FAILED"')), gate(item("first", see="a")))
    outcome = run_gate(journey, "0-0-1", journey.gate(0, 0))

    assert (outcome["status"], outcome["items"], rehearsal.lamps.looks) == ("closed", ["second"], [])


def test_a_captured_fact_reaches_a_later_check_and_is_waited_for_until_then() -> None:
    late = Call(id="trial.lit", late={"name": Late(template="{{ captured.lamp }}", values={})})
    first, second = item("first", see="a", capture={"lamp": "found"}), item("second", checks=(late,))
    journey = start(gate(second), gate(first), gate(second))
    early = run_gate(journey, "0-0-1", journey.gate(0, 0))
    rehearsal.lamps.seen["a"] = Verdict(Status.PASSED, "lit", facts={"found": "b"})
    run_gate(journey, "0-1-1", journey.gate(0, 1))
    rehearsal.lamps.looks.clear()

    assert "needs" in early["summary"]
    assert run_gate(again(journey), "0-2-1", journey.gate(0, 2))["status"] == "open"
    assert rehearsal.lamps.looks == ["b"]


def test_a_review_informs_and_closes_nothing_even_under_a_heading() -> None:
    review = item("review", see="a", ask="deployer", review=True)
    journey = start(gate(item("heading", children=("review", "seen")), review, item("seen", see="b")))
    rehearsal.lamps.seen["a"] = failed("dark")
    outcome = run_gate(journey, "0-0-1", journey.gate(0, 0))

    assert outcome["status"] == "open"
    assert last(journey, "sampled")["verdicts"]["review"]["summary"] == "dark"


def test_an_approval_with_a_check_of_its_own_closes() -> None:
    journey = start(gate(item("approved", see="a", ask="deployer")))
    rehearsal.lamps.seen["a"] = failed("dark")

    assert run_gate(journey, "0-0-1", journey.gate(0, 0))["items"] == ["approved"]


def test_a_heading_is_not_named_beside_the_item_that_closes() -> None:
    journey = start(gate(item("outer", children=("inner",)), item("inner", children=("seen",)), item("seen", see="a")))
    rehearsal.lamps.seen["a"] = failed("dark")
    outcome = run_gate(journey, "0-0-1", journey.gate(0, 0))

    assert (outcome["items"], outcome["summary"]) == (["seen"], "Seen: dark")
    assert {each["status"] for each in last(journey, "sampled")["verdicts"].values()} == {"FAILED"}


def test_an_item_that_nobody_decides_keeps_the_gate_closed() -> None:
    journey = start(gate(item("nothing")))

    assert run_gate(journey, "0-0-1", journey.gate(0, 0))["status"] == "closed"


@pytest.mark.parametrize(
    ("seen", "status"),
    [
        (failed("dark"), "WAIVED"),
        (KeyError("a bug"), "WAIVED"),
        (Denied("no"), "WAIVED"),
        (Verdict(Status.PASSED, "lit"), "PASSED"),
    ],
    ids=["fails", "breaks", "unknown", "passes anyway"],
)
def test_a_waiver_opens_the_gate_over_what_is_not_good(seen: Any, status: str) -> None:
    journey = start(gate(item("seen", see="a")))
    waiver = {"items": ["seen"], "until": "2999-01-01T00:00:00+00:00", "name": "Max", "comment": "Bulb ordered"}
    journey.record.append("waived", waiver)
    rehearsal.lamps.seen["a"] = seen
    outcome = run_gate(journey, "0-0-1", journey.gate(0, 0))

    assert outcome["status"] == "open"
    assert last(journey, "sampled")["verdicts"]["seen"]["status"] == status
    assert status == "PASSED" or "Waived by Max until 2999-01-01T00:00 UTC: Bulb ordered (" in str(last(journey, "sampled"))


def test_a_waiver_that_is_over_opens_nothing() -> None:
    journey = start(gate(item("seen", see="a")))
    waiver = {"items": ["seen"], "until": "2020-01-01T00:00:00+00:00", "name": "Max", "comment": "Bulb ordered"}
    journey.record.append("waived", waiver)
    rehearsal.lamps.seen["a"] = failed("dark")

    assert run_gate(journey, "0-0-1", journey.gate(0, 0))["status"] == "closed"


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self, lights: Callable[[float], None] = lambda _now: None) -> None:
        self.now = 0.0
        self._lights = lights

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self._lights(self.now)


@pytest.mark.parametrize(
    ("for_", "lit_at", "status", "samples"),
    [(0, 0, "closed", 1), (29, 0, "closed", 1), (60, 0, "closed", 3), (600, 90, "open", 4), (600, 0, "closed", 21)],
    ids=["no patience", "too little", "twice more", "until it is lit", "in vain"],
)
def test_a_closed_gate_is_looked_at_again(
    for_: int, lit_at: float, status: str, samples: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lights(now: float) -> None:
        if lit_at and now >= lit_at:
            rehearsal.lamps.seen.clear()

    monkeypatch.setattr(gates, "time", Clock(lights))
    journey = start(gate(item("on", do="b"), item("seen", see="a")), recheck_for=for_)
    rehearsal.lamps.seen["a"] = failed("dark")
    outcome = run_gate(journey, "0-0-1", journey.gate(0, 0))

    assert (outcome["status"], types(journey).count("sampled"), rehearsal.lamps.done) == (status, samples, ["b"])


def test_who_asks_by_hand_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "time", Clock())
    journey = start(gate(item("seen", see="a")), recheck_for=600)
    rehearsal.lamps.seen["a"] = failed("dark")
    run_gate(journey, "0-0-1", journey.gate(0, 0), patience=False)

    assert types(journey).count("sampled") == 1


def test_a_gate_run_once_answers_from_the_record_when_asked_again() -> None:
    journey = start(gate(item("seen", see="a"), item("review", see="b", ask="deployer", review=True)))
    rehearsal.lamps.seen |= {"a": failed("dark"), "b": failed("dark too")}
    first = run_gate_once(journey, "first-hour-1", journey.gate(0, 0))
    rehearsal.lamps.seen.clear()
    replayed = run_gate_once(again(journey), "first-hour-1", journey.gate(0, 0))
    next_turn = run_gate_once(again(journey), "first-hour-2", journey.gate(0, 0))

    assert first == replayed == {"status": "closed", "items": ["seen"], "summary": "Seen: dark"}
    assert (next_turn["status"], types(journey).count("sampled")) == ("open", 2)


def test_a_fact_of_an_action_reaches_what_comes_later() -> None:
    journey = start(gate(item("on", do="a", see="b", capture={"which": "lamp"})))
    run_gate(journey, "0-0-1", journey.gate(0, 0))

    assert again(journey).current_session().release.facts == {"which": "a"}
