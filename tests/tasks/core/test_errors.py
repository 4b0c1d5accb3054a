import pytest

from tasks.core import errors


@pytest.mark.parametrize(
    ("where", "expected"), [("a.yaml:7", "a.yaml:7: No such check."), ("", "No such check.")], ids=["somewhere", "nowhere"]
)
def test_a_mistake_is_told_with_its_place(where: str, expected: str) -> None:
    assert str(errors.DefinitionError("No such check.", where)) == expected


def test_several_mistakes_are_told_together() -> None:
    mistakes = [errors.DefinitionError("First.", "a.yaml:1"), errors.DefinitionError("Second.", "a.yaml:2")]

    assert str(errors.DefinitionErrors(mistakes)) == "a.yaml:1: First.\na.yaml:2: Second."


@pytest.mark.parametrize("name", ["Denied", "Throttled", "Unreachable", "Malformed", "ReadOnly"])
def test_what_could_not_be_learnt_is_an_evidence_error(name: str) -> None:
    assert issubclass(getattr(errors, name), errors.EvidenceError)


def test_absence_was_learnt_and_so_is_none() -> None:
    assert not issubclass(errors.Absent, errors.EvidenceError)
