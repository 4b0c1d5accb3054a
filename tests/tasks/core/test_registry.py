from collections.abc import Iterator
from typing import Any, Literal

import pytest

from tasks.connect.aws import Aws
from tasks.core import registry
from tasks.core.registry import Argument, Definition, Done, action, catalogue, check, definitions
from tasks.core.verdicts import Verdict, passed


@pytest.fixture
def _own_catalogue(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A copy to register in; the real catalogue is read again afterwards."""
    catalogue()
    monkeypatch.setattr(registry, "_definitions", dict(registry._definitions))
    catalogue.cache_clear()
    yield
    catalogue.cache_clear()


def named(name: str, module: str = "tasks.checks.aws.lambda_") -> Any:
    def function(aws: Aws, *, tables: list[str], mode: Literal["a", "b"] = "a") -> Verdict:  # noqa: ARG001
        """Everything is well.

        Because it matters.

        Example:
            check: aws.lambda.well
            with: {tables: [x]}

        """
        return passed("Well.")

    function.__name__, function.__module__ = name, module
    return function


@pytest.mark.usefixtures("_own_catalogue")
def test_a_check_is_known_from_its_path_signature_and_docstring() -> None:
    function = named("well")
    returned = check(remedy="aws help", permissions=("x:Read",), leaves="a log line")(function)
    found = catalogue()["aws.lambda.well"]

    assert returned is function
    assert (found.id, found.kind, found.remedy, found.permissions, found.leaves) == (
        "aws.lambda.well", "check", "aws help", ("x:Read",), "a log line",
    )  # fmt: skip
    assert found.doors == (Aws,)
    assert found.arguments == (
        Argument("tables", list[str], required=True),
        Argument("mode", Literal["a", "b"], required=False, default="a"),
    )
    assert (found.title, found.why, found.example) == (
        "Everything is well",
        "Because it matters.",
        "check: aws.lambda.well\nwith: {tables: [x]}",
    )


@pytest.mark.usefixtures("_own_catalogue")
def test_a_retired_id_goes_on_leading_to_its_check() -> None:
    check(remedy="x", aliases=("aws.lambda.healthy",))(named("well"))
    found = [each.id for each in definitions("check")]

    assert catalogue()["aws.lambda.healthy"].id == "aws.lambda.well"
    assert (found.count("aws.lambda.well"), "aws.lambda.healthy" in found) == (1, False)


@pytest.mark.usefixtures("_own_catalogue")
def test_a_retired_id_stays_taken() -> None:
    check(remedy="x", aliases=("aws.sts.identity",))(named("well"))

    with pytest.raises(TypeError, match=r"Retired IDs are taken again: \['aws.sts.identity'\]"):
        catalogue()


@pytest.mark.usefixtures("_own_catalogue")
def test_an_id_is_defined_once() -> None:
    check(remedy="x")(named("well"))

    with pytest.raises(TypeError, match=r"aws\.lambda\.well is defined twice"):
        check(remedy="x")(named("well"))


@pytest.mark.usefixtures("_own_catalogue")
@pytest.mark.parametrize(
    "way_back", [{"undo": lambda **_: "undone"}, {"irreversible": "Sent is sent."}], ids=["undo", "irreversible"]
)
def test_an_action_has_a_way_back_or_a_reason(way_back: dict[str, Any]) -> None:
    action(remedy="x", settled=lambda **_: "unknown", **way_back)(named("change", "tasks.actions.aws.things"))
    found: Definition = catalogue()["aws.things.change"]

    assert (found.kind, found.undo is None) == ("action", "irreversible" in way_back)


@pytest.mark.parametrize(
    "way_back", [{}, {"undo": lambda **_: "undone", "irreversible": "Sent is sent."}], ids=["neither", "both"]
)
def test_an_action_has_not(way_back: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="either an undo or the reason why it is irreversible"):
        action(remedy="x", settled=lambda **_: "unknown", **way_back)


@pytest.mark.usefixtures("_own_catalogue")
def test_a_check_without_a_docstring_has_no_title() -> None:
    function = named("bare")
    function.__doc__ = None
    check(remedy="x")(function)
    found = catalogue()["aws.lambda.bare"]

    assert (found.title, found.why, found.example) == ("", "", "")


def test_the_catalogue_holds_both_kinds_by_their_paths() -> None:
    assert {"aws.lambda.active", "aws.cloudformation.restored"} <= {each.id for each in definitions("check")}
    assert {"aws.cloudformation.deploy_by_script", "aws.cognito.ensure_test_user"} <= {
        each.id for each in definitions("action")
    }


def test_what_an_action_did_may_have_no_facts() -> None:
    assert Done("It is done.").facts == {}
