import json
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case

ACTIVE, USES, HANDLED, TIMEOUT, TRACED, IDLE, RATE = (
    f"aws.stepfunctions.{name}"
    for name in (
        "active", "definition_uses", "errors_handled", "timeout_set", "tracing_on", "no_execution_running", "success_rate",
    )
)  # fmt: skip
FLOW = {"machine": "flow"}
SAFE = {"Type": "Task", "Resource": "https://api.example.com", "Retry": [{}], "Catch": [{}]}
BARE = {"Type": "Task", "Resource": "https://Mock.example.com"}
NONE: dict[str, Any] = {"stepfunctions.list_state_machines": {"stateMachines": []}}
UNREAD = {"stepfunctions.list_state_machines": DENIED}


def machine(states: dict[str, Any] | None = None, text: str = "", **changes: Any) -> dict[str, Any]:
    definition = text or json.dumps({"TimeoutSeconds": 7200, "States": states or {"Call": SAFE, "Done": {"Type": "Succeed"}}})
    seen = {"stateMachineArn": "arn:flow", "status": "ACTIVE", "type": "STANDARD", "definition": definition} | changes
    return {
        "stepfunctions.list_state_machines": {"stateMachines": [{"name": "flow", "stateMachineArn": "arn:flow"}]},
        "stepfunctions.describe_state_machine": seen,
    }


def runs(*names: str) -> dict[str, Any]:
    return {"stepfunctions.list_executions": {"executions": [{"name": name} for name in names]}}


def ended(succeeded: float, failed: float) -> dict[str, Any]:
    many = {"ExecutionsSucceeded": [succeeded], "ExecutionsFailed": [failed]}

    def found(**asked: Any) -> dict[str, Any]:
        name = asked["MetricDataQueries"][0]["MetricStat"]["Metric"]["MetricName"]
        return {"MetricDataResults": [{"Values": many.get(name, [])}]}

    return machine() | {"cloudwatch.get_metric_data": found}


NESTED = {"All": {"Type": "Parallel", "Branches": [{"States": {"Inner": BARE}}]}, "Call": SAFE}
MAPPED = {"Each": {"Type": "Map", "ItemProcessor": {"States": {"Inner": SAFE}}}}
CASES = [
    Case("active", ACTIVE, FLOW, Status.PASSED, "'STANDARD'", machine()),
    Case("of another type", ACTIVE, FLOW | {"workflow": "EXPRESS"}, Status.FAILED, "wanted 'EXPRESS'", machine()),
    Case("being deleted", ACTIVE, FLOW, Status.FAILED, "DELETING", machine(status="DELETING")),
    Case("empty account", ACTIVE, FLOW, Status.FAILED, "no state machine named", NONE),
    Case("denied", ACTIVE, FLOW, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("the real API", USES, FLOW | {"includes": ["API.example.com"], "excludes": ["mock"]}, Status.PASSED,
         "names API", machine()),
    Case("no mock", USES, FLOW | {"excludes": ["mock"]}, Status.PASSED, "names none of mock", machine()),
    Case("the mock", USES, FLOW | {"includes": ["api.real"], "excludes": ["mock"]}, Status.FAILED,
         "lacks api.real and names mock",
         machine({"Call": BARE})),
    Case("nothing asked", USES, FLOW, Status.UNKNOWN, "does not say", machine()),
    Case("denied", USES, FLOW | {"excludes": ["mock"]}, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("handled", HANDLED, FLOW, Status.PASSED, "among 1", machine()),
    Case("handled in a map", HANDLED, FLOW, Status.PASSED, "among 1", machine(MAPPED)),
    Case("bare in a branch", HANDLED, FLOW, Status.FAILED, "Inner without Retry and Catch", machine(NESTED)),
    Case("never caught", HANDLED, FLOW, Status.FAILED, "Call without Catch", machine({"Call": SAFE | {"Catch": []}})),
    Case("need not be caught", HANDLED, FLOW | {"catch": False}, Status.PASSED,
         "among 1", machine({"Call": SAFE | {"Catch": []}})),
    Case("tolerated", HANDLED, FLOW | {"tolerated": ["Inner"]}, Status.PASSED, "among 2", machine(NESTED)),
    Case("no task", HANDLED, FLOW, Status.UNKNOWN, "Nothing was there", machine({"Done": {"Type": "Succeed"}})),
    Case("not JSON", HANDLED, FLOW, Status.UNKNOWN, "is not JSON", machine(text="<")),
    Case("set", TIMEOUT, FLOW | {"seconds": 7200}, Status.PASSED, "7200 s", machine()),
    Case("longer", TIMEOUT, FLOW | {"seconds": 3600}, Status.FAILED, "wanted 3600 s", machine()),
    Case("none", TIMEOUT, FLOW | {"seconds": 3600}, Status.FAILED, "absent", machine(text='{"States": {}}')),
    Case("denied", TIMEOUT, FLOW | {"seconds": 3600}, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("traced", TRACED, FLOW, Status.PASSED, "True", machine(tracingConfiguration={"enabled": True})),
    Case("not traced", TRACED, FLOW, Status.FAILED, "wanted True", machine()),
    Case("denied", TRACED, FLOW, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("idle", IDLE, FLOW, Status.PASSED, "No execution", machine() | runs()),
    Case("runs", IDLE, FLOW, Status.FAILED, "2 executions of state machine flow run: a, b", machine() | runs("a", "b")),
    Case("express", IDLE, FLOW, Status.UNKNOWN, "lists no executions", machine(type="EXPRESS")),
    Case("not there", IDLE, FLOW, Status.FAILED, "no state machine named", NONE),
    Case("denied", IDLE, FLOW, Status.UNKNOWN, "AccessDenied", machine() | {"stepfunctions.list_executions": DENIED}),
    Case("just enough", RATE, FLOW | {"percent": 99}, Status.PASSED, "is 99 %", ended(99, 1)),
    Case("too few", RATE, FLOW | {"percent": 99.1}, Status.FAILED, "(99 succeeded, 1 failed", ended(99, 1)),
    Case("says too little", RATE, FLOW | {"percent": 99, "executions": 20}, Status.UNKNOWN, "Only 19", ended(19, 0)),
    Case("none ended", RATE, FLOW | {"percent": 99}, Status.UNKNOWN, "Only 0", ended(0, 0)),
    Case("not there", RATE, FLOW | {"percent": 99}, Status.FAILED, "no state machine named", NONE),
    Case("denied", RATE, FLOW | {"percent": 99}, Status.UNKNOWN,
         "AccessDenied", machine() | {"cloudwatch.get_metric_data": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
