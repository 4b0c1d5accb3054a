from typing import Any

import pytest

from tasks.core.answers import answer
from tasks.core.errors import Malformed
from tasks.core.policies import allows

GATEWAY, INVOKE = "apigateway.amazonaws.com", "lambda:InvokeFunction"
LETS: dict[str, Any] = {"Effect": "Allow", "Principal": {"Service": GATEWAY}, "Action": INVOKE}
DENIES = LETS | {"Effect": "Deny"}


def only_from(*sources: str) -> dict[str, Any]:
    return {"Condition": {"ArnLike": {"AWS:SourceArn": list(sources)}, "StringEquals": {"aws:SourceAccount": "1"}}}


OURS, OTHERS = "arn:aws:execute-api:us-east-1:1:a1/*", "arn:aws:execute-api:us-east-1:1:b2/*"


@pytest.mark.parametrize(
    ("statements", "source", "expected"),
    [
        ([LETS], "", True),
        (LETS, "", True),
        ([LETS | {"Action": "lambda:*"}], "", True),
        ([LETS | {"Action": ["lambda:GetFunction", "LAMBDA:invokefunction"]}], "", True),
        ([LETS | {"Principal": "*"}], "", True),
        ([LETS | {"Principal": {"Service": ["s3.amazonaws.com", GATEWAY]}}], "", True),
        ([LETS | {"Principal": {"AWS": "arn:aws:iam::1:root"}}], "", False),
        ([LETS | {"Action": "lambda:GetFunction"}], "", False),
        ([LETS, DENIES], "", False),
        ([DENIES], "", False),
        ([], "", False),
        ([LETS | only_from(OURS)], ":a1/", True),
        ([LETS | only_from(OTHERS, OURS)], ":a1/", True),
        ([LETS | only_from(OTHERS)], ":a1/", False),
        ([LETS | only_from(OTHERS)], "", True),
        ([LETS], ":a1/", True),
        ([LETS, DENIES | only_from(OTHERS)], ":a1/", True),
    ],
    ids=[
        "named", "one statement without a list", "every action", "among several actions", "anyone", "among several services",
        "another principal", "another action", "allowed and denied", "denied", "no statement", "from this source",
        "from this source among others", "from another source only", "from anywhere asked for", "without condition",
        "denied to another source",
    ],
)  # fmt: skip
def test_allows(statements: Any, source: str, expected: bool) -> None:  # noqa: FBT001
    assert allows(answer({"Statement": statements}), GATEWAY, INVOKE, source) is expected


def test_a_policy_without_statements_cannot_be_understood() -> None:
    with pytest.raises(Malformed):
        allows(answer({}), GATEWAY, INVOKE)
