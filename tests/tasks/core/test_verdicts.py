from itertools import permutations

import pytest

from tasks.core.verdicts import Status, Verdict, failed, passed, skipped, unknown, worst

WAIVED = Verdict(Status.WAIVED, "Waived.")
FROM_BEST_TO_WORST = [passed("Passed."), skipped("Skipped."), WAIVED, unknown("Unknown."), failed("Failed.")]


@pytest.mark.parametrize("place", range(1, 5), ids=lambda place: FROM_BEST_TO_WORST[place].status)
def test_the_worst_wins_in_any_order(place: int) -> None:
    verdicts = FROM_BEST_TO_WORST[: place + 1]
    results = {worst(order).status for order in permutations(verdicts)}

    assert results == {FROM_BEST_TO_WORST[place].status}


def test_nothing_judged_is_unknown() -> None:
    assert worst([]) == unknown("Nothing was judged.")


def test_only_what_is_not_known_or_failed_keeps_a_gate_closed() -> None:
    closing = [status for status in Status if status.keeps_gate_closed]

    assert closing == [Status.UNKNOWN, Status.FAILED]


def test_the_worst_keeps_its_sentences_once_its_remedies_and_all_facts() -> None:
    result = worst(
        [
            passed("Fine.", {"a": "1"}),
            failed("Bad.", "mend it"),
            failed("Bad.", "mend it"),
            failed("Worse.", "mend that"),
            Verdict(Status.PASSED, "Fine.", facts={"b": "2"}),
        ]
    )

    assert result == Verdict(Status.FAILED, "Bad. Worse.", "mend it mend that", {"a": "1", "b": "2"})


@pytest.mark.parametrize(
    "verdict",
    [passed("Fine."), failed("Bad.", "mend it"), passed("Fine.", {"endpoint": "wss://a"}), skipped("No VPC.")],
    ids=["bare", "with a remedy", "with facts", "skipped"],
)
def test_a_verdict_comes_back_from_the_record(verdict: Verdict) -> None:
    assert Verdict.from_json(verdict.as_json()) == verdict


def test_the_record_keeps_no_empty_fields() -> None:
    assert passed("Fine.").as_json() == {"status": "PASSED", "summary": "Fine."}
