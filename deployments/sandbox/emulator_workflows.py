"""What ministack leaves out of Step Functions and of CloudWatch's alarms.

It forgets whether a state machine is traced, lets a task wait for its callback although the function that was to ask for it
failed, and keeps no history of whom an alarm told.
"""

# ruff: noqa: SLF001 - ministack has no extension points; requirements-sandbox.in pins the version this fits
from __future__ import annotations

import json
import time
from typing import Any

import ministack.services.cloudwatch as alarms
import ministack.services.stepfunctions as workflows

Properties = dict[str, Any]
_TRACING = "tracingConfiguration"
_LISTS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}


def teach_tracing() -> None:
    """Keep the tracing that a state machine is created or updated with."""
    create, update = workflows._create_state_machine, workflows._update_state_machine

    def created(data: Properties) -> Any:
        answer = create(data)
        if answer[0] == 200:
            _keep(json.loads(answer[2])["stateMachineArn"], data)
        return answer

    def updated(data: Properties) -> Any:
        answer = update(data)
        if answer[0] == 200:
            _keep(data["stateMachineArn"], data)
        return answer

    workflows._create_state_machine, workflows._update_state_machine = created, updated


def _keep(arn: str, data: Properties) -> None:
    if _TRACING in data:
        workflows._state_machines[arn][_TRACING] = data[_TRACING]


def teach_callbacks() -> None:
    """Fail a task that waits for its callback when the function failed that was given the token."""
    call = workflows._call_lambda

    def called(function: str, event: Any) -> Any:
        try:
            return call(function, event)
        except workflows._ExecutionError as error:
            for token in event.values() if isinstance(event, dict) else ():
                waiting = workflows._task_tokens.get(token) if isinstance(token, str) else None
                if waiting:
                    waiting["error"] = {"Error": error.error, "Cause": error.cause}
                    waiting["event"].set()
            raise

    workflows._call_lambda = called


def teach_alarms() -> None:
    """Write down whom an alarm told."""
    dispatch = alarms._dispatch_alarm_actions

    def dispatched(alarm: Properties, old_state: str, new_state: str, reason: str) -> None:
        dispatch(alarm, old_state, new_state, reason)
        if not alarm.get("ActionsEnabled", True):
            return
        for action in alarm.get(_LISTS[new_state], []):
            alarms._history_entries().append(
                {
                    "AlarmName": alarm["AlarmName"],
                    "AlarmType": "MetricAlarm",
                    "Timestamp": alarms._ts_iso(time.time()),
                    "HistoryItemType": "Action",
                    "HistorySummary": f"Successfully executed action {action}",
                    "HistoryData": json.dumps({"actionState": "Succeeded", "notificationResource": action}),
                }
            )

    alarms._dispatch_alarm_actions = dispatched


def teach() -> None:
    """All of it."""
    teach_tracing()
    teach_callbacks()
    teach_alarms()
