from typing import Any

import pytest

from tasks.core.answers import answer
from tasks.core.stacks import differences, digest, first_failure, latest_operation, snapshot, standing

STACK: dict[str, Any] = {"StackId": "arn", "StackStatus": "CREATE_COMPLETE", "CreationTime": "2026-01-01"}
NOTED = snapshot(answer(STACK), {"Resources": {}})


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("CREATE_COMPLETE", "complete"),
        ("UPDATE_COMPLETE", "complete"),
        ("UPDATE_ROLLBACK_COMPLETE", "complete"),
        ("IMPORT_ROLLBACK_COMPLETE", "complete"),
        ("CREATE_IN_PROGRESS", "in progress"),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "in progress"),
        ("UPDATE_ROLLBACK_FAILED", "broken"),
        ("CREATE_FAILED", "broken"),
        ("DELETE_FAILED", "broken"),
        ("ROLLBACK_COMPLETE", "absent"),
        ("REVIEW_IN_PROGRESS", "absent"),
        ("DELETE_COMPLETE", "absent"),
    ],
)
def test_a_stack_that_is(status: str, expected: str) -> None:
    assert standing({"StackStatus": status}) == expected


def test_no_stack_is_absent() -> None:
    assert standing(None) == "absent"


def test_a_snapshot_is_plain_json() -> None:
    tagged = STACK | {
        "Tags": [{"Key": "Version", "Value": "1"}],
        "Parameters": [{"ParameterKey": "Size", "ParameterValue": "small"}],
        "Capabilities": ["CAPABILITY_IAM"],
        "LastUpdatedTime": "2026-02-02",
    }

    assert snapshot(answer(tagged), "Resources: {}") == {
        "exists": True,
        "id": "arn",
        "status": "CREATE_COMPLETE",
        "template": "Resources: {}",
        "digest": digest("Resources: {}"),
        "parameters": {"Size": "small"},
        "tags": {"Version": "1"},
        "capabilities": ["CAPABILITY_IAM"],
        "updated": "2026-02-02",
    }


@pytest.mark.parametrize(
    ("stack", "identifier"),
    [(None, ""), (answer(STACK | {"StackStatus": "ROLLBACK_COMPLETE"}), "arn")],
    ids=["no stack", "what a failed creation left"],
)
def test_of_an_absent_stack_only_that_is_noted(stack: Any, identifier: str) -> None:
    assert snapshot(stack) == {"exists": False, "id": identifier}


def test_order_and_blanks_of_a_json_template_do_not_matter() -> None:
    assert digest('{"a": 1, "b": 2}') == digest('{"b":2,"a":1}') != digest('{"b":2,"a":2}')


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"status": "UPDATE_COMPLETE", "updated": "later"}, []),
        ({"digest": "other"}, ["its template"]),
        ({"parameters": {"a": "b"}, "tags": {"c": "d"}}, ["its parameters", "its tags"]),
        ({"exists": False}, ["it is gone"]),
    ],
    ids=["nothing", "only its status", "its template", "parameters and tags", "that it is there"],
)
def test_what_differs_is(change: dict[str, Any], expected: list[str]) -> None:
    assert differences(NOTED, NOTED | change) == expected


def test_a_stack_that_was_absent() -> None:
    absent = snapshot(None)

    assert (differences(absent, absent), differences(absent, NOTED)) == ([], ["it is still there"])


def event(status: str, resource: str = "Topic", **more: str) -> dict[str, str]:
    own = "arn" if resource == "stack" else "physical"
    shape = {"StackId": "arn", "PhysicalResourceId": own, "LogicalResourceId": resource, "ResourceType": "AWS::SNS::Topic"}
    return shape | {"ResourceStatus": status} | more


def newest_first(*events: dict[str, str]) -> Any:
    return answer(list(reversed(events)))


def test_the_latest_operation_includes_its_rollback() -> None:
    found = latest_operation(
        newest_first(
            event("CREATE_IN_PROGRESS", "stack"),
            event("CREATE_COMPLETE", "stack"),
            event("UPDATE_IN_PROGRESS", "stack"),
            event("UPDATE_IN_PROGRESS", "Topic"),
            event("UPDATE_ROLLBACK_IN_PROGRESS", "stack"),
        )
    )

    assert [each["ResourceStatus"] for each in reversed(found)] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
    ]


def test_without_a_beginning_all_events_are_the_operation() -> None:
    assert len(latest_operation(newest_first(event("UPDATE_FAILED"), event("UPDATE_COMPLETE")))) == 2


CONSEQUENCE = event("CREATE_FAILED", "A", ResourceStatusReason="Resource creation cancelled")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([event("CREATE_COMPLETE")], ""),
        ([], ""),
        (
            [CONSEQUENCE, event("CREATE_FAILED", "B", ResourceStatusReason="No\nroom."), event("CREATE_FAILED", "C")],
            "B (AWS::SNS::Topic) is CREATE_FAILED: No room.",
        ),
        ([event("CREATE_FAILED", "A")], "A (AWS::SNS::Topic) is CREATE_FAILED: no reason given."),
        ([CONSEQUENCE], "A (AWS::SNS::Topic) is CREATE_FAILED: Resource creation cancelled."),
    ],
    ids=["no failure", "no event", "a cause between its consequences", "no reason", "only consequences"],
)  # fmt: skip
def test_the_first_failure_is(events: list[dict[str, str]], expected: str) -> None:
    assert first_failure(newest_first(*events)) == expected
