from typing import Any

import pytest

from tasks.core.answers import answer
from tasks.core.errors import Malformed
from tasks.core.policies import allows, broad_grants, outsiders

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


ANN, BOB = "arn:aws:iam::1:user/ann", "arn:aws:iam::1:user/bob"


@pytest.mark.parametrize(
    ("statement", "insiders", "expected"),
    [
        ({"Effect": "Allow", "Principal": {"AWS": [ANN, BOB]}}, [ANN], [BOB]),
        ({"Effect": "Allow", "Principal": {"AWS": [ANN, BOB]}}, ["arn:aws:iam::1:user/*"], []),
        ({"Effect": "Allow", "Principal": "*"}, [ANN], ["*"]),
        ({"Effect": "Allow", "NotPrincipal": "x"}, [ANN], ["everyone but x"]),
        ({"Effect": "Deny", "Principal": "*"}, [ANN], []),
        ({"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}, [], ["lambda.amazonaws.com"]),
    ],
    ids=["one too many", "a wildcard of ours", "all", "all but one", "all are refused", "a service"],
)
def test_outsiders_of_a_policy(statement: dict[str, Any], insiders: list[str], expected: list[str]) -> None:
    assert outsiders(answer({"Statement": statement}), insiders) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ({"Effect": "Allow", "Action": ["s3:*", "s3:GetObject"], "Resource": "*"}, ["s3:*"]),
        ({"Effect": "Allow", "Action": "*", "Resource": ["*"]}, ["*"]),
        ({"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::x"}, []),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, ["all but iam:*"]),
        ({"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::x"}, ["s3:*"]),
        ({"Effect": "Deny", "Action": "*", "Resource": "*"}, []),
    ],
    ids=["a service", "all", "on one resource", "all but one", "on all resources but one", "all is refused"],
)
def test_broad_grants_of_a_policy(statement: dict[str, Any], expected: list[str]) -> None:
    assert broad_grants(answer({"Statement": [statement]})) == expected
