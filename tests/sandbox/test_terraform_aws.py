"""Each kind of resource of the sandbox's Terraform provider: put, seen as it was wished, seen when it drifts, removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from deployments.sandbox.terraform.aws import KINDS
from deployments.sandbox.world import World

pytestmark = pytest.mark.sandbox

TAGS = {"Project": "demo", "Environment": "test"}
ROLE = "arn:aws:iam::123456789012:role/demo"
ANSWER = 'def handle(event, context):\n    return {"statusCode": 200, "body": "1"}\n'
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:demo"
SETTINGS: dict[str, dict[str, Any]] = {
    "alarm": {
        "namespace": "AWS/States",
        "metric": "ExecutionsFailed",
        "statistic": "Sum",
        "threshold": 3,
        "dimensions": {"StateMachineArn": "demo"},
        "topic": "arn:aws:sns:us-east-1:123456789012:demo",
        "tags": TAGS,
    },
    "bucket": {
        "versioning": True,
        "expire": {"rotate": 30},
        "log_to": "",
        "copy_to": "",
        "role": "",
        "tags": TAGS,
    },
    "dashboard": {"widgets": [{"type": "text", "properties": {"markdown": "demo"}}]},
    "function": {
        "role": ROLE,
        "handler": "demo.handle",
        "runtime": "python3.11",
        "memory": 256,
        "timeout": 30,
        "environment": {"A": "b"},
        "tracing": "Active",
        "layers": [],
        "subnets": [],
        "security_groups": [],
        "concurrency": 5,
        "code": {"demo.py": ANSWER},
        "callers": ["apigateway.amazonaws.com"],
        "tags": TAGS,
    },
    "log_group": {"retention": 30, "tags": TAGS},
    "rest_api": {
        "methods": {
            "GET /health": {"function": FUNCTION, "key": False, "model": ""},
            "POST /orders": {"function": FUNCTION, "key": True, "model": "Order"},
        },
        "models": {"Order": {"type": "object", "required": ["id"]}},
        "stage": "test",
        "rate": 5,
        "burst": 10,
        "log_to": "arn:aws:logs:us-east-1:123456789012:log-group:demo",
        "tracing": True,
        "client": "demo-client",
        "web_acl": "",
        "domain": "",
        "tags": TAGS,
    },
    "role": {
        "service": "lambda.amazonaws.com",
        "statements": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::demo/*"}],
        "tags": TAGS,
    },
    "schedule": {"expression": "rate(1 hour)", "enabled": True, "target": FUNCTION, "role": ROLE, "tags": TAGS},
    "state_machine": {
        "role": ROLE,
        "tracing": True,
        "type": "STANDARD",
        "definition": {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}},
        "tags": TAGS,
    },
    "table": {
        "key": "id",
        "billing": "PROVISIONED",
        "reads": 5,
        "writes": 5,
        "recovery": True,
        "ttl": "expires",
        "tags": TAGS,
    },
}
CHANGED: dict[str, dict[str, Any]] = {
    "alarm": {"threshold": 9},
    "bucket": {"versioning": False, "expire": {}},
    "dashboard": {"widgets": []},
    "function": {"timeout": 10, "concurrency": 0, "code": {"demo.py": f"# new\n{ANSWER}"}},
    "log_group": {"retention": 0},
    "rest_api": {"rate": 7, "methods": {"GET /health": {"function": FUNCTION, "key": False, "model": ""}}},
    "role": {"statements": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::other/*"}]},
    "schedule": {"enabled": False},
    "state_machine": {"tracing": False},
    "table": {"billing": "PAY_PER_REQUEST", "reads": 0, "writes": 0, "recovery": False, "ttl": ""},
}


def test_the_tables_name_every_kind() -> None:
    assert SETTINGS.keys() == CHANGED.keys() == KINDS.keys()


@pytest.mark.parametrize("name", SETTINGS)
def test_a_resource_is_put_seen_changed_and_removed(standing_world: World, name: str) -> None:
    kind, called, clients = KINDS[name], f"demo-{name.replace('_', '-')}", standing_world.client
    wished, changed = SETTINGS[name], SETTINGS[name] | CHANGED[name]
    before = kind.seen(clients, called, wished)
    kind.put(clients, called, wished)
    first = kind.seen(clients, called, wished)
    kind.put(clients, called, changed)
    second = kind.seen(clients, called, changed)
    kind.remove(clients, called)
    kind.remove(clients, called)

    assert (before, first, second) == (None, wished, changed)
    assert kind.seen(clients, called, wished) is None


BY_HAND: dict[str, Callable[[World, str], Any]] = {
    "schedule": lambda world, name: world.client("events").disable_rule(Name=name),
    "function": lambda world, name: world.client("lambda").put_function_concurrency(
        FunctionName=name, ReservedConcurrentExecutions=0
    ),
    "log_group": lambda world, name: world.client("logs").delete_retention_policy(logGroupName=name),
    "table": lambda world, name: world.client("dynamodb").update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False}
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_what_somebody_changed_by_hand_is_seen(standing_world: World, name: str) -> None:
    kind, called, clients = KINDS[name], f"drift-{name.replace('_', '-')}", standing_world.client
    kind.put(clients, called, SETTINGS[name])
    BY_HAND[name](standing_world, called)
    drifted = kind.seen(clients, called, SETTINGS[name])
    kind.remove(clients, called)

    assert drifted is not None
    assert drifted != SETTINGS[name]
