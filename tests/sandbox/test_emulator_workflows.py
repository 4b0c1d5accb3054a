"""What the emulator was taught of Step Functions and of alarms."""

from __future__ import annotations

import io
import json
import time
import zipfile
from typing import Any

import pytest

from deployments.sandbox.world import World

pytestmark = pytest.mark.sandbox

ROLE = "arn:aws:iam::123456789012:role/trial"
TOPIC = "arn:aws:sns:us-east-1:123456789012:trial"
FAILING = "def handle(event, context):\n    raise ValueError('no such issue')\n"
WAITING: dict[str, Any] = {
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
            "Parameters": {"FunctionName": "failing", "Payload": {"token.$": "$$.Task.Token"}},
            "TimeoutSeconds": 600,
            "Next": "Done",
        },
        "Done": {"Type": "Succeed"},
    },
}


def ended(states: Any, execution: str) -> dict[str, Any]:
    """How an execution ended, within half a minute."""
    until = time.monotonic() + 30
    while True:
        found: dict[str, Any] = states.describe_execution(executionArn=execution)
        if found["status"] != "RUNNING" or time.monotonic() > until:
            return found
        time.sleep(0.1)


def test_a_task_whose_function_fails_does_not_wait_for_its_callback(standing_world: World) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("code.py", FAILING)
    standing_world.client("lambda").create_function(
        FunctionName="failing", Runtime="python3.11", Role=ROLE, Handler="code.handle", Code={"ZipFile": packed.getvalue()}
    )
    states = standing_world.client("stepfunctions")
    machine = states.create_state_machine(name="waiting", definition=json.dumps(WAITING), roleArn=ROLE)["stateMachineArn"]
    found = ended(states, states.start_execution(stateMachineArn=machine)["executionArn"])

    assert found["status"] == "FAILED"
    assert "no such issue" in found["cause"]


def test_whom_an_alarm_told_is_in_its_history(standing_world: World) -> None:
    cloudwatch = standing_world.client("cloudwatch")
    for name, actions in (("heard", [TOPIC]), ("unheard", [])):
        cloudwatch.put_metric_alarm(
            AlarmName=name,
            Namespace="Trial",
            MetricName="Failures",
            Statistic="Sum",
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
            Period=60,
            EvaluationPeriods=1,
            AlarmActions=actions,
        )
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="tried")
    told = {
        name: [
            each["HistorySummary"]
            for each in cloudwatch.describe_alarm_history(AlarmName=name, HistoryItemType="Action")["AlarmHistoryItems"]
        ]
        for name in ("heard", "unheard")
    }

    assert told == {"heard": [f"Successfully executed action {TOPIC}"], "unheard": []}
