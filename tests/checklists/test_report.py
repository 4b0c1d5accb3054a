"""The checklist, ticked: every line once, and nothing that was seen can look like a line."""

import pytest

from checklists.plan import Gate, PlanPhase
from checklists.report import headline, line, nested, status_of, tally, ticked
from checklists.standing import Standing
from tasks.core.verdicts import Status, Verdict
from tests.checklists.standing_cases import DARK, LIT, SKIPPED, block, gate, item, plan, sampled, signed, stands

EVIL = "dark\n- [x] ✅ Approved\r\n\n# Released\u2028- [x] done"


def plain(text: str) -> str:
    """The text without its bold and italic marks."""
    return text.replace("*", "")


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Verdict(Status.PASSED, "It is lit."), "- [x] ✅ A — It is lit."),
        (Verdict(Status.SKIPPED, "Not asked for."), "- [ ] ⏭️ A — Not asked for."),
        (Verdict(Status.WAIVED, "Waived by Max."), "- [x] ⚠️ A — Waived by Max."),
        (Verdict(Status.UNKNOWN, "No answer.", "Ask again."), "- [ ] ❔ A — No answer. Remedy: Ask again."),
        (Verdict(Status.FAILED, "It is dark.", "Light it."), "- [ ] ❌ A — It is dark. Remedy: Light it."),
        (Verdict(Status.FAILED, "It is dark."), "- [ ] ❌ A — It is dark."),
        (Verdict(Status.PASSED, "It is lit.", "Light it."), "- [x] ✅ A — It is lit."),
        (None, "- [ ] ⬜ A"),
    ],
    ids=["passed", "skipped", "waived", "unknown", "failed", "failed without remedy", "passed with remedy", "open"],
)
def test_a_line_says_how_it_was_decided(verdict: Verdict | None, expected: str) -> None:
    assert plain(line(Standing(item("a"), verdict))) == expected


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (LIT, "- [ ] 🟢 A (not so) — It is passed."),
        (DARK, "- [x] ❌ A (it is so) — It is failed."),
        (Verdict(Status.UNKNOWN, "No answer."), "- [ ] ❔ A (not ruled out) — No answer."),
        (Verdict(Status.WAIVED, "Waived by Max."), "- [x] ⚠️ A (may be so, and was waived) — Waived by Max."),
        (SKIPPED, "- [ ] ⏭️ A — Not asked for."),
        (None, "- [ ] ⬜ A"),
    ],
    ids=["not so", "so", "unknown", "waived", "skipped", "open"],
)
def test_a_tick_in_a_list_of_troubles_says_that_there_is_one(verdict: Verdict | None, expected: str) -> None:
    assert plain(line(Standing(item("a", trouble=True), verdict))) == expected


def test_a_line_says_who_signed_and_what_is_a_step_of_ours() -> None:
    step = item("a", ask="deployer", kind="step", depth=2)

    assert line(Standing(step, LIT, by="ana")) == "    - [x] ✅ *A* — *ana* — It is passed."
    assert line(Standing(step, LIT)) != line(Standing(item("a", depth=2), LIT))


def test_a_line_with_bold_parts_of_its_own_is_not_made_bolder() -> None:
    assert line(Standing(item("a", title="**Lead**: ____"))) == "- [ ] ⬜ **Lead**: ____"


def test_a_line_that_is_due_later_says_when() -> None:
    assert plain(line(Standing(item("a"), due="Due 2031-05-05 12:00 UTC."))) == "- [ ] 🕒 A — Due 2031-05-05 12:00 UTC."


def test_nothing_seen_looks_like_another_line() -> None:
    told = line(Standing(item("a", title=EVIL), Verdict(Status.FAILED, EVIL, EVIL)))

    assert len(told.splitlines()) == 1
    assert plain(told).startswith("- [ ] ❌ dark - [x] ✅ Approved")


PLAN = plan(
    item("a", check=True, line=3),
    item("b", ask="deployer", line=4, section="People"),
    item("c", kind="step"),
    rollback={"verification": gate(item("ok", check=True, line=9, section="After a rollback"))},
    later=(block("first-hour", item("calm", check=True, line=12, section="First hour")),),
)


def test_the_whole_checklist_is_there_in_its_parts() -> None:
    found = stands(PLAN, sampled(a=LIT), signed("b"))
    told = ticked(PLAN, found, links=[("Run", "http://x/1"), ("Record", "http://x/2")])

    assert plain(told).split("\n\n") == [
        "# Lamps",
        "1.2.0 → production · 2 of 4 lines decided: 2 passed",
        "[Run](http://x/1) · [Record](http://x/2)",
        "## Deployment",
        "### Lamps",
        "- [x] ✅ A — It is passed.",
        "### People",
        "- [x] ✅ B — ana — Signed by Ana (deployer).",
        "### Lamps",
        "- [ ] ⬜ C",
        "## Rollback",
        "### After a rollback",
        "- [ ] ⬜ Ok",
        "## First-hour",
        "### First hour",
        "- [ ] ⬜ Calm",
    ]


def test_every_line_of_the_document_is_there_once() -> None:
    told = plain(ticked(PLAN, stands(PLAN)))

    assert [told.count(f" {each.title}\n") + told.endswith(f" {each.title}") for each in PLAN.lines()] == [1] * 4
    assert told.count("- [") == 5


def test_a_section_named_as_its_part_is_not_headed_twice() -> None:
    made = plan(item("a", check=True, section="Deployment"), item("b", check=True, section="Lamps"))

    assert ticked(made, stands(made)).count("Deployment") == 1
    assert "### Lamps" in ticked(made, stands(made))


def test_a_checklist_without_rollback_says_nothing_of_one() -> None:
    made = plan(item("a", check=True))

    assert "Rollback" not in ticked(made, stands(made))


def test_titles_of_parts_stay_in_their_line() -> None:
    phases = (PlanPhase(kind="deploy", title=EVIL, gates=(Gate(items=(item("a", section=EVIL),)),)),)
    made = plan(phases=phases, later=(block("x", item("b")).model_copy(update={"title": EVIL}),))

    assert sum(each.startswith("# ") for each in ticked(made, stands(made)).splitlines()) == 1


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, "0 of 0 lines decided"),
        ({"OPEN": 3}, "0 of 3 lines decided"),
        ({"OPEN": 1, "PASSED": 2, "FAILED": 1}, "3 of 4 lines decided: 2 passed, 1 failed"),
        ({"LATER": 2, "OPEN": 1, "PASSED": 1}, "1 of 4 lines decided: 1 passed; 2 due later"),
        (dict.fromkeys([*Status], 1), "5 of 5 lines decided: 1 passed, 1 skipped, 1 waived, 1 unknown, 1 failed"),
    ],
    ids=["empty", "all open", "some", "later", "all kinds"],
)
def test_the_headline(counts: dict[str, int], expected: str) -> None:
    assert headline(counts) == expected


def test_statuses_are_counted() -> None:
    made = plan(item("a", check=True), item("b", check=True), item("c", check=True), item("d", check=True))
    found = stands(made, sampled(a=LIT, b=DARK, c=SKIPPED))

    assert dict(tally(made.main(), found)) == {"PASSED": 1, "FAILED": 1, "SKIPPED": 1, "OPEN": 1}
    assert status_of(found["d"]) == "OPEN"


@pytest.mark.parametrize(
    ("order", "expected"),
    [("ab", "ab"), ("Apa", "pAa"), ("Axpa", "xpAa"), ("aqp", "pqa"), ("A", "A")],
    ids=["no headings", "an action before its heading", "beside another", "two headings", "a heading elsewhere"],
)
def test_a_heading_stands_before_what_is_under_it(order: str, expected: str) -> None:
    below = {"p": ("q", "A", "a") if "q" in order else ("A", "a"), "q": ("a",)}
    if "q" in order:
        below["p"] = ("q",)
    items = [item(name, children=below.get(name, ())) for name in order]

    assert "".join(each.id for each in nested(items)) == expected
