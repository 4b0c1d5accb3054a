"""Types in the words of a sentence, and what fits them."""

from typing import Any, Literal

import pytest

from checklists.arguments import fits, spoken
from tasks.core.registry import Argument, catalogue


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (str, "a text"),
        (float, "a number"),
        (list[str], "a list of texts"),
        (list[str] | None, "a list of texts"),
        (str | int, "a text or a whole number"),
        (dict[str, list[str]], "a mapping of names to lists"),
        (list[dict[str, Any]], "a list of mappings"),
        (tuple[int, ...], "a list of whole numbers"),
        (dict, "a mapping"),
        (Literal["a", "b", "c"], "one of a, b or c"),
        (bytes, "a value of its type"),
    ],
    ids=str,
)
def test_a_type_is_said_in_words(kind: Any, words: str) -> None:
    assert spoken(kind) == words


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (float, 1, True),
        (int, 1.0, False),
        (int, True, False),
        (int, "1", False),
        (bool, 1, False),
        (str, 1, False),
        (list[str] | None, None, True),
        (list[str], ["a", 1], False),
        (tuple[str, ...], ["a"], True),
        (Literal["a"], "a", True),
        (dict[str, int], {"a": 1}, True),
        (Any, ..., False),
    ],
    ids=str,
)
def test_a_value_fits_only_its_own_type(kind: Any, value: Any, expected: bool) -> None:  # noqa: FBT001
    assert fits(Argument("name", kind, required=True), value) is expected


def test_every_default_of_the_catalogue_fits_its_own_type() -> None:
    every = [(definition.id, each) for definition in catalogue().values() for each in definition.arguments if not each.required]

    assert [f"{name}: {each.name}" for name, each in every if not fits(each, each.default)] == []
