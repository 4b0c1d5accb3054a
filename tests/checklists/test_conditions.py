"""Conditions: what they may say, what they decide, and when they cannot."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.conditions import evaluate, holds, names, outcomes_named, parse, terms, unmet
from tasks.core.errors import EvidenceError

VALUES = {"environment": "production", "custom_domain": "", "refresh": True, "days": 3, "regions": ["us-east-1"]}
OUTCOMES = {"a": "PASSED", "b/c": "FAILED", "d": ""}


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("refresh", True),
        ("not refresh", False),
        ("custom_domain", False),
        ('custom_domain != ""', False),
        ('environment == "production"', True),
        ('environment in ["staging", "production"]', True),
        ('environment not in ("staging", "production")', False),
        ('"us-east-1" in regions', True),
        ("refresh == true and days >= 3", True),
        ("1 < days < 3", False),
        ("days == -3 or refresh == false", False),
        ('refresh and (environment == "staging" or days > 1)', True),
        ('outcome("a") == "PASSED"', True),
        ('outcome("b/c") in ["PASSED", "WAIVED"]', False),
        ('refresh and outcome("a") != outcome("b/c")', True),
    ],
)
def test_a_condition_holds_or_not(when: str, expected: bool) -> None:  # noqa: FBT001
    assert holds(when, VALUES, OUTCOMES) is expected


@pytest.mark.parametrize(
    "when",
    [
        "",
        "environment = 'x'",
        "__import__('os')",
        "refresh.real",
        "regions[0]",
        "days + 1",
        "lambda: 1",
        "[x for x in regions]",
        "f'{days}'",
        "outcome(environment)",
        "outcome('a', 'b')",
        "outcome('a') == 'passed'",
        "b'x' == 1",
        "(" * 300 + "1" + ")" * 300,
    ],
)
def test_anything_else_is_refused(when: str) -> None:
    with pytest.raises(ValueError, match=r"[.?]$"):
        parse(when)


@pytest.mark.parametrize("item", ["d", "never-heard-of"])
def test_what_depends_on_an_undecided_item_is_unknown(item: str) -> None:
    with pytest.raises(EvidenceError, match=f"depends on {item}, which is not decided yet"):
        holds(f'outcome("{item}") == "PASSED"', VALUES, OUTCOMES)


def test_values_that_cannot_be_compared_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="compares values that cannot be compared"):
        evaluate("days < environment", VALUES, {})
    with pytest.raises(EvidenceError, match="compares values that cannot be compared"):
        holds("days < environment", VALUES, {})


def test_a_name_that_is_not_known_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="names 'nobody', which is not known here"):
        evaluate("nobody", VALUES, {})


def test_a_condition_tells_what_it_needs() -> None:
    when = 'refresh and days > 1 and (outcome("a") == "PASSED" or not custom_domain)'

    assert names(when) == {"refresh", "days", "custom_domain"}
    assert outcomes_named(when) == {"a"}
    assert terms(when) == ["refresh", "days > 1", "outcome('a') == 'PASSED' or not custom_domain"]


@pytest.mark.parametrize(
    ("term", "sentence"),
    [
        ('custom_domain != ""', "Not asked for: custom_domain is ''."),
        ("not refresh", "Not asked for: refresh is true."),
        ("refresh and days > 3", "Not asked for: days is 3 and refresh is true."),
        ("false", "Not asked for: the condition false never holds."),
    ],
)
def test_why_an_item_is_not_asked_for(term: str, sentence: str) -> None:
    assert unmet(term, VALUES) == sentence


@given(st.recursive(st.sampled_from(["refresh", "false", "days > 1", '"a" == "a"']), lambda inner: st.one_of(
    st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda each: f"({each[0]} {each[1]} {each[2]})"),
    inner.map(lambda each: f"(not {each})"),
)))  # fmt: skip
def test_conditions_mean_what_python_means(when: str) -> None:
    pythons = eval(compile(ast.parse(when.replace("false", "False"), mode="eval"), "", "eval"), {}, dict(VALUES))  # noqa: S307

    assert evaluate(when, VALUES, {}) is bool(pythons)
    assert all(evaluate(term, VALUES, {}) for term in terms(when)) is bool(pythons)
