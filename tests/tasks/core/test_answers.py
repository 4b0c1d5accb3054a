from typing import Any

import pytest

from tasks.core.answers import answer, only, parsed
from tasks.core.errors import Absent, EvidenceError, Malformed


@pytest.mark.parametrize(
    ("value", "fields"),
    [({"a": 1, "b": 2}, "it has a, b"), ({}, "it has no field at all")],
    ids=["other fields", "no fields"],
)
def test_a_missing_field_is_malformed(value: dict[str, Any], fields: str) -> None:
    with pytest.raises(Malformed, match=f"has no field 'Status'; {fields}"):
        answer(value)["Status"]


def test_objects_are_answers_however_deep() -> None:
    deep = answer({"list": [{"inner": {"a": 1}}], 5: "text"})

    with pytest.raises(Malformed):
        deep["list"][0]["inner"]["b"]
    assert deep["5"] == "text"


def test_a_field_may_be_left_out_where_the_check_says_so() -> None:
    assert answer({}).get("Status", "none") == "none"


def test_parses_the_json_in_an_answer() -> None:
    with pytest.raises(Malformed):
        parsed('{"a": 1}', "The policy")["b"]


def test_text_that_is_no_json_is_malformed() -> None:
    with pytest.raises(Malformed, match="The policy is not JSON"):
        parsed("<html>", "The policy")


@pytest.mark.parametrize(
    ("names", "raised", "says"),
    [
        (["other"], Absent, "There is no topic named 'alarms'."),
        ([], Absent, "There is no topic named 'alarms'."),
        (["alarms", "alarms"], EvidenceError, "There are 2 topics named 'alarms'"),
    ],
    ids=["others only", "nothing", "two"],
)
def test_only_raises_for(names: list[str], raised: type[Exception], says: str) -> None:
    with pytest.raises(raised, match=says):
        only("topic", [{"name": name} for name in names], "name", "alarms")


def test_only_answers_the_one_of_that_name() -> None:
    assert only("topic", [{"name": "a", "n": 1}, {"name": "b", "n": 2}], "name", "b")["n"] == 2
