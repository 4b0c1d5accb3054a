"""The gateway counts calls, and its faults look to boto3 like AWS's own."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from deployments.sandbox import account
from deployments.sandbox.world import World

pytestmark = pytest.mark.sandbox


def client(world: World, service: str) -> Any:
    return account.client(service, world.environ(), Config(retries={"max_attempts": 0, "mode": "standard"}))


CALLS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "json": ("dynamodb", lambda dynamodb: dynamodb.list_tables()),
    "query": ("sns", lambda sns: sns.list_topics()),
    "ec2": ("ec2", lambda ec2: ec2.describe_vpcs()),
    "rest-json": ("lambda", lambda functions: functions.list_functions()),
    "rest-xml": ("s3", lambda s3: s3.list_buckets()),
    "cbor": ("cloudwatch", lambda cloudwatch: cloudwatch.describe_alarms()),
}
DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
THROTTLED = {"Throttling", "ThrottlingException", "RequestLimitExceeded", "SlowDown"}
BROKEN = {"InternalFailure", "InternalServerError", "InternalError"}


@pytest.mark.parametrize("protocol", CALLS)
@pytest.mark.parametrize(("kind", "codes"), [("deny", DENIED), ("throttle", THROTTLED), ("error500", BROKEN)])
def test_a_refusal_is_understood(standing_world: World, protocol: str, kind: str, codes: set[str]) -> None:
    service, ask = CALLS[protocol]
    standing_world.gateway.set_faults([{"name": "refuse", "service": service, kind: True}])

    with pytest.raises(ClientError) as refused:
        ask(client(standing_world, service))

    assert refused.value.response["Error"]["Code"] in codes


def test_calls_are_counted_by_operation(world: World) -> None:
    dynamodb = client(world, "dynamodb")
    dynamodb.list_tables()
    dynamodb.list_tables()
    client(world, "sns").list_topics()

    assert world.gateway.calls() == {"dynamodb.ListTables": 2, "sns.ListTopics": 1}


def test_what_the_world_does_itself_is_not_counted(world: World) -> None:
    world.client("dynamodb").list_tables()

    assert world.gateway.calls() == {}


def test_a_fault_meets_the_first_calls_only(world: World) -> None:
    world.gateway.set_faults([{"name": "twice", "service": "dynamodb", "throttle": True, "first": 2}])
    dynamodb = client(world, "dynamodb")

    outcomes = [outcome(dynamodb.list_tables) for _ in range(3)]

    assert outcomes == ["ThrottlingException", "ThrottlingException", "answered"]


def outcome(ask: Callable[[], Any]) -> str:
    try:
        ask()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "answered"


@pytest.mark.parametrize(
    ("fault", "met"),
    [
        pytest.param({"operation": "Describe*"}, True, id="operation matches"),
        pytest.param({"operation": "List*"}, False, id="operation does not"),
        pytest.param({"service": "dyn*"}, True, id="service matches"),
        pytest.param({"service": "s3"}, False, id="service does not"),
        pytest.param({"body": "Sessions-dev"}, True, id="body holds the text"),
        pytest.param({"body": "Sessions-prod"}, False, id="body does not"),
    ],
)
def test_a_fault_meets_what_it_names(world: World, fault: dict[str, str], *, met: bool) -> None:
    world.gateway.set_faults([{"name": "denied", "deny": True, **fault}])

    actual = outcome(lambda: client(world, "dynamodb").describe_table(TableName="Sessions-dev"))

    assert actual == ("AccessDeniedException" if met else "ResourceNotFoundException")


def test_a_dropped_call_has_no_answer(world: World) -> None:
    world.gateway.set_faults([{"name": "gone", "drop": True}])

    with pytest.raises(ConnectionClosedError):
        client(world, "dynamodb").list_tables()


def test_latency_delays_the_answer(world: World) -> None:
    world.gateway.set_faults([{"name": "slow", "service": "dynamodb", "latency_ms": 400}])
    before = time.monotonic()

    client(world, "dynamodb").list_tables()

    assert time.monotonic() - before >= 0.4


def test_an_answer_is_rewritten(world: World) -> None:
    client(world, "sns").create_topic(Name="alarms")
    world.gateway.set_faults([{"name": "renamed", "service": "sns", "rewrite": [["alarms", "bells"]]}])

    (topic,) = client(world, "sns").list_topics()["Topics"]

    assert topic["TopicArn"].endswith(":bells")


def test_a_head_keeps_its_length(world: World) -> None:
    s3 = client(world, "s3")
    s3.put_object(Bucket=account.ASSETS_BUCKET, Key="a/b c", Body=b"x" * 12_345)

    head = s3.head_object(Bucket=account.ASSETS_BUCKET, Key="a/b c")

    assert head["ContentLength"] == 12_345
    assert s3.get_object(Bucket=account.ASSETS_BUCKET, Key="a/b c")["Body"].read() == b"x" * 12_345


@pytest.mark.parametrize("text", ["{", '[{"nonsense": 1}]', '[{"name": "a", "colour": "red"}]'])
def test_a_malformed_fault_is_refused(world: World, text: str) -> None:
    answer = httpx.put(world.gateway.url("faults"), content=text)

    assert answer.status_code == 400
    assert world.gateway.faults() == []
