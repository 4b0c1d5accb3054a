"""Where a phase is cut into gates."""

import pytest

from checklists.gates import cut, joined
from checklists.plan import Ask, Call, Gate, PlanItem

CALL = Call(id="x")


def build(text: str) -> tuple[list[PlanItem], dict[str, tuple[str, ...]]]:
    """``"A c (p: c d) C+c"``: capitals are actions, small letters checks, ``+`` an action with a check of its own."""
    items: list[PlanItem] = []
    parents: dict[str, tuple[str, ...]] = {}
    around: list[str] = []
    for word in text.replace(")", " )").split():
        if word == ")":
            around.pop()
            continue
        name = word.strip("(:+-")
        items.append(
            PlanItem(
                id=name,
                title=name,
                kind="item",
                line=None,
                section="s",
                skip="no" if "-" in word else "",
                action=CALL if name[0].isupper() and "-" not in word else None,
                checks=(CALL,) if (name[0].islower() and ":" not in word and "-" not in word) or "+" in word else (),
                ask=Ask(by="x") if name.startswith("?") else None,
            )
        )
        parents[name] = tuple(around)
        if ":" in word:
            around.append(name)
    whole = [
        item.model_copy(update={"children": tuple(each for each, path in parents.items() if path and path[-1] == item.id)})
        for item in items
    ]
    return whole, parents


def told(gates: tuple[Gate, ...]) -> list[str]:
    return [" ".join([*(item.id for item in gate.actions), "|", *(item.id for item in gate.items)]) for gate in gates]


@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        ("", ["|"]),
        ("a b", ["| a b"]),
        ("A a b", ["A | a b"]),
        ("a A b", ["| a", "A | b"]),
        ("A B a", ["A B | a"]),
        ("a A B b C", ["| a", "A B | b", "C |"]),
        ("A+ b", ["A | A b"]),
        ("A+ B b", ["A | A", "B | b"]),
        ("a A- b", ["| a A b"]),
        ("(p: a b) c", ["| p a b c"]),
        ("(p: A a)", ["A | p a"]),
        ("x (p: A a) b", ["| x", "A | p a b"]),
        ("x (p: a A b) c", ["| x a", "A | p b c"]),
        ("(p: (q: A a) b)", ["A | p q a b"]),
        ("(p: A B) c", ["p A B | c"]),
        ("(p: (q: A)) c", ["p q A | c"]),
        ("(p+: A a)", ["A | p a"]),
        ("(P: a B b) c", ["P | a", "B | b c"]),
        ("(P+: a B b) c", ["P | a", "B | P b c"]),
    ],
)
def test_a_gate_begins_at_each_action_after_something_to_decide(phase: str, expected: list[str]) -> None:
    assert told(cut(*build(phase))) == expected


@pytest.mark.parametrize(
    ("phase", "decisions", "expected"),
    [
        ("a G H b", "gh", ["| a", "! g h", "| b"]),
        ("G H", "gh", ["! g h"]),
        ("a B G", "g", ["| a", "B |", "! g"]),
        ("G B a", "g", ["! g", "B | a"]),
        ("(P: G H) a", "pgh", ["! p g h", "| a"]),
    ],
    ids=["between others", "alone", "after an action", "before an action", "with a parent"],
)
def test_a_decision_is_a_gate_of_its_own(phase: str, decisions: str, expected: list[str]) -> None:
    for name in decisions:
        phase = phase.replace(name.upper(), name)
    found = cut(*build(phase), set(decisions))

    assert [each.replace("|", "!") if part.decision else each for part, each in zip(found, told(found), strict=True)] == [
        each.removeprefix(" ") for each in expected
    ]


def test_a_part_of_a_rollback_is_one_gate_with_its_actions_first() -> None:
    items, _ = build("a A+ (p: b B) c")

    assert told((joined(items),)) == ["A B | a A p b c"]
