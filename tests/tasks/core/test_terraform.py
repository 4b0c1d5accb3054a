from typing import Any

import pytest

from tasks.core.answers import answer
from tasks.core.errors import Malformed
from tasks.core.terraform import Change, Planned, StateVersion, addresses, of_module, planned, state_version, told

PRIOR = StateVersion("line", 3)


def shown(*actions: list[str], **more: Any) -> Any:
    resources = [
        {"address": f"a.r{number}", "mode": "managed", "change": {"actions": each}} for number, each in enumerate(actions)
    ]
    return answer({"resource_changes": resources, "configuration": {}, **more})


@pytest.mark.parametrize(
    ("actions", "wanted"),
    [
        (["create"], "add"),
        (["update"], "change"),
        (["delete"], "destroy"),
        (["delete", "create"], "replace"),
        (["create", "delete"], "replace"),
        (["forget"], "forget"),
    ],
    ids=str,
)
def test_actions(actions: list[str], wanted: str) -> None:
    assert planned(shown(actions), PRIOR).changes == (Change("a.r0", wanted),)


def test_nothing_to_do_is_empty_and_counted() -> None:
    plan = planned(shown(["no-op"], ["read"]), PRIOR)

    assert (plan.empty, plan.looked_at) == (True, 2)


@pytest.mark.parametrize(
    ("more", "wanted"),
    [({"change": {"actions": ["no-op"], "importing": {"id": "x"}}}, "import"), ({"previous_address": "a.old"}, "move")],
    ids=["import", "move"],
)
def test_what_only_changes_the_state_is_told_too(more: dict[str, Any], wanted: str) -> None:
    resource = {"address": "a.r0", "mode": "managed", "change": {"actions": ["no-op"]}, **more}

    assert planned(answer({"resource_changes": [resource], "configuration": {}}), PRIOR).changes[0].action == wanted


@pytest.mark.parametrize(
    "plan",
    [
        shown(["explode"]),
        shown(errored=True),
        answer({"resource_changes": [{"address": "a"}], "configuration": {}}),
        answer({}),
    ],
    ids=["an unknown action", "ended in an error", "no change", "no configuration"],
)
def test_a_plan_that_is_not_understood_is_malformed(plan: Any) -> None:
    with pytest.raises(Malformed):
        planned(plan, PRIOR)


@pytest.mark.parametrize(
    ("other", "prior", "same"),
    [
        (shown(["create"], timestamp="later"), PRIOR, True),
        (shown(["update"]), PRIOR, False),
        (shown(["create"], variables={"size": {"value": 2}}), PRIOR, False),
        (shown(["create"]), StateVersion("line", 4), False),
        (shown(["create"]), StateVersion("other", 3), False),
    ],
    ids=["made later", "another action", "another variable", "a later state", "another state"],
)
def test_the_digest_is_that_of_what_would_happen(other: Any, prior: StateVersion, same: bool) -> None:  # noqa: FBT001
    assert (planned(other, prior).digest == planned(shown(["create"]), PRIOR).digest) is same


def test_what_is_dangerous_is_told_first() -> None:
    changes = (Change("a.new", "add"), Change("a.old", "destroy"), Change("a.it", "change"))

    assert told(Planned("", PRIOR, changes, outputs=("url",))) == (
        "1 to destroy (a.old), 1 to change (a.it), 1 to add (a.new), 1 outputs to change (url)"
    )


def test_a_plan_survives_being_evidence() -> None:
    plan = planned(shown(["create"], output_changes={"url": {"actions": ["create"]}}), PRIOR)

    assert Planned.from_json(plan.as_json()) == plan


def test_addresses_of_managed_resources() -> None:
    resources = [
        {"mode": "managed", "type": "aws_s3_bucket", "name": "logs"},
        {"mode": "managed", "type": "aws_s3_bucket", "name": "logs", "module": "module.cache[0]"},
        {"mode": "managed", "type": "aws_s3_bucket", "name": "logs", "module": "module.cached"},
        {"mode": "data", "type": "aws_region", "name": "here"},
    ]
    names = addresses(answer({"resources": resources}))

    assert names == ["aws_s3_bucket.logs", "module.cache[0].aws_s3_bucket.logs", "module.cached.aws_s3_bucket.logs"]
    assert of_module(names, "cache") == ["module.cache[0].aws_s3_bucket.logs"]


@pytest.mark.parametrize("state", [{}, {"serial": 1}, {"lineage": "a", "serial": "many"}], ids=str)
def test_a_state_without_version_is_malformed(state: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        state_version(state)
