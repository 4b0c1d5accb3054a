"""What an item's task run says, without a server: the state that the run ends in."""

from typing import Any

import pytest

from tasks.core.verdicts import Status, Verdict, passed
from tasks.runtime import STATE_NAMES, _broken, _task


def run(verdict: Verdict, title: str = "The table is there") -> Any:
    return _task("a", title, lambda: verdict, {}).fn()


def test_every_verdict_has_a_name_of_its_own() -> None:
    assert set(STATE_NAMES) == set(Status)
    assert len(set(STATE_NAMES.values())) == len(Status)


@pytest.mark.parametrize("status", Status, ids=str)
def test_a_judged_item_completes_with_the_verdict_in_its_name(status: Status) -> None:
    state = run(Verdict(status, "So it is."))

    assert (state.is_completed(), state.name, state.message) == (True, STATE_NAMES[status], "So it is.")


def test_an_item_that_waits_for_a_person_says_so() -> None:
    assert run(passed("Waits for deployer.", {"awaiting": "deployer"})).name == "Awaiting sign-off"


def test_the_verdict_is_handed_over() -> None:
    verdicts: dict[str, Verdict] = {}
    _task("a", "The table is there", lambda: passed("It is."), verdicts).fn()

    assert verdicts == {"a": passed("It is.")}


def test_a_check_that_breaks_leaves_no_verdict() -> None:
    verdicts: dict[str, Verdict] = {}

    def break_down() -> Verdict:
        raise KeyError("typo")

    with pytest.raises(KeyError):
        _task("a", "The table is there", break_down, verdicts).fn()

    assert verdicts == {}
    assert _broken("The table is there").status is Status.UNKNOWN


def test_a_long_sentence_is_cut_where_the_server_would_refuse_it() -> None:
    assert len(run(passed("y" * 5000)).message) == 1000


@pytest.mark.parametrize(
    ("title", "name"), [("Set {version}", "Set {version}"), ("x" * 900, "x" * 200)], ids=["braces", "long"]
)
def test_a_run_is_named_by_its_title(title: str, name: str) -> None:
    namer: Any = _task("a", title, lambda: passed(""), {}).task_run_name

    assert namer() == name
