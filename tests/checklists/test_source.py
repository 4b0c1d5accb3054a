"""The team's document against its checklist: nothing may be missing, reworded or made up."""

from pathlib import Path

import pytest

from checklists.loader import load
from checklists.source import boxes, differences, document
from tests.checklists.texts import loaded, small

pytestmark = pytest.mark.usefixtures("rehearsal")

SOURCES = Path(__file__).parent / "sources"
DOCUMENT = """\
# Lamps

- [ ] Lit
  * [x] **Bright** enough?
3. [ ] Warm `lamp`
```
- [ ] an example
```
- [] no box
- [ ]\tPaid
"""


def test_a_box_is_a_list_entry_with_brackets_and_never_inside_a_fence() -> None:
    assert boxes(DOCUMENT) == [(3, "Lit"), (4, "**Bright** enough?"), (5, "Warm `lamp`"), (10, "Paid")]


@pytest.mark.parametrize(
    ("name", "lines"),
    [("session-management", 116), ("kalendlytic", 149), ("step-functions", 153), ("gennet", 177), ("toombos", 231)],
)
def test_every_document_has_all_its_lines(name: str, lines: int) -> None:
    assert len(boxes((SOURCES / f"{name}.md").read_text(encoding="utf-8"))) == lines


LINES = {3: "Lit", 4: "'**Bright** enough?'", 5: "'Warm `lamp`'", 10: "Paid"}


def written(lines: dict[int, str]) -> str:
    return "".join(f"- {{item: {words}, line: {number}, approve: {{by: deployer}}}}\n" for number, words in lines.items())


DIFFERENT = {
    "nothing": (LINES, []),
    "another order": (dict(reversed(LINES.items())), []),
    "a line missing": ({3: "Lit", 4: LINES[4], 5: LINES[5]}, ["Line 10 of the document is missing: 'Paid'."]),
    "a line reworded": (LINES | {10: "Paid up"}, ["Line 10 reads 'Paid' in the document and 'Paid up' in the checklist."]),
    "a line in another place": (
        {3: "Lit", 4: LINES[4], 5: LINES[5], 11: "Paid"},
        ["The item 'Paid' stands in no box of the document at line 11.", "Line 10 of the document is missing: 'Paid'."],
    ),
}


@pytest.mark.parametrize(("lines", "told"), DIFFERENT.values(), ids=DIFFERENT)
def test_every_difference_is_told(tmp_path: Path, lines: dict[int, str], told: list[str]) -> None:
    assert list(differences(loaded(tmp_path, small(written(lines))).checklist, DOCUMENT)) == told


def test_a_line_that_is_there_twice_and_one_without_a_number_are_told(tmp_path: Path) -> None:
    twice = written(LINES) + "- {item: Dark, line: 3, approve: {by: deployer}}\n- {item: Lid, approve: {by: deployer}}\n"

    assert list(differences(loaded(tmp_path, small(twice)).checklist, DOCUMENT)) == [
        "Line 3 is there twice, as 'Lit' and as 'Dark'.",
        "The item 'Lid' stands in no box of the document anywhere: give it its `line:`; did you mean 'Lit'.",
    ]


CHECKLISTS = Path(__file__).parents[2] / "checklists"


@pytest.mark.parametrize("path", sorted(CHECKLISTS.glob("*.yaml")), ids=lambda path: path.stem)
def test_our_checklists_hold_every_line_of_their_documents(path: Path) -> None:
    checklist = load(path).checklist
    found = document(checklist, CHECKLISTS)

    assert found == SOURCES / path.with_suffix(".md").name
    assert list(differences(checklist, found.read_text(encoding="utf-8"))) == []
