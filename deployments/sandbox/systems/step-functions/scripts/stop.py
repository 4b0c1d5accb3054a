#!/usr/bin/env python3
"""Stop new executions and let those under way complete: ./scripts/stop.py stop|drain ENVIRONMENT."""

from __future__ import annotations

import sys
import time

import boto3

DRAIN_SECONDS = 300


def stop(name: str) -> int:
    """Disable the schedule and hold the intake back; Jira's callbacks still come through. `terraform apply` undoes both."""
    boto3.client("events").disable_rule(Name=f"{name}-schedule")
    boto3.client("lambda").put_function_concurrency(FunctionName=f"{name}-intake", ReservedConcurrentExecutions=0)
    sys.stdout.write(f"Nothing starts a new execution of {name}.\n")
    return 0


def drain(name: str) -> int:
    """Wait until no execution runs; 1 when some still do."""
    states = boto3.client("stepfunctions")
    machines = states.list_state_machines()["stateMachines"]
    arn = next((each["stateMachineArn"] for each in machines if each["name"] == name), None)
    until = time.monotonic() + DRAIN_SECONDS
    while arn and (running := states.list_executions(stateMachineArn=arn, statusFilter="RUNNING")["executions"]):
        if time.monotonic() > until:
            sys.stdout.write(f"{len(running)} executions of {name} still run.\n")
            return 1
        time.sleep(1)
    sys.stdout.write(f"No execution of {name} runs.\n")
    return 0


if __name__ == "__main__":
    what, environment = sys.argv[1:]
    sys.exit({"stop": stop, "drain": drain}[what](f"workflow-{environment}"))
