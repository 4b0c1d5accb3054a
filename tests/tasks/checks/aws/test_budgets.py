from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

EXIST, ALERTS = "aws.budgets.budgets_exist", "aws.budgets.alerts_configured"
ONES = {"budgets": ["monthly"]}
ONE = {"budget": "monthly"}
ME = {"sts.get_caller_identity": {"Account": "123456789012", "Arn": "x"}}
GONE = aws_error("NotFoundException", "Unable to get budget: monthly - the budget doesn't exist.")


def budget(spent: str) -> dict[str, Any]:
    found = {"BudgetLimit": {"Amount": "100.0", "Unit": "USD"}, "CalculatedSpend": {"ActualSpend": {"Amount": spent}}}
    return ME | {"budgets.describe_budget": {"Budget": found}}


def alerts(*thresholds: float, subscribers: int = 1, kind: str = "PERCENTAGE") -> dict[str, Any]:
    found = [
        {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": each, "ThresholdType": kind}
        for each in thresholds
    ]
    return ME | {
        "budgets.describe_notifications_for_budget": {"Notifications": found} if found else {},
        "budgets.describe_subscribers_for_notification": {"Subscribers": [{"Address": "ops@example.com"}] * subscribers},
    }


CASES = [
    Case("there", EXIST, ONES, Status.PASSED, "used 40.0 of 100.0 USD", budget("40.0")),
    Case("just used up", EXIST, ONES, Status.PASSED, "used 100.0", budget("100.0")),
    Case("overdrawn", EXIST, ONES, Status.FAILED, "used 100.1 of 100.0", budget("100.1")),
    Case("not there", EXIST, ONES, Status.FAILED, "doesn't exist", ME | {"budgets.describe_budget": GONE}),
    Case("none named", EXIST, {"budgets": []}, Status.UNKNOWN, "nothing could be judged", ME),
    Case("denied", EXIST, ONES, Status.UNKNOWN, "AccessDenied", ME | {"budgets.describe_budget": DENIED}),
    Case("told in time", ALERTS, ONE | {"percent": 80}, Status.PASSED, "ops@example.com from 80 %", alerts(80.0, 100.0)),
    Case("told too late", ALERTS, ONE | {"percent": 79}, Status.FAILED, "has 1 alerts", alerts(80.0)),
    Case("told by amount", ALERTS, ONE, Status.FAILED, "has 1 alerts", alerts(80.0, kind="ABSOLUTE_VALUE")),
    Case("nobody hears", ALERTS, ONE, Status.FAILED, "no subscriber", alerts(80.0, subscribers=0)),
    Case("no alert", ALERTS, ONE, Status.FAILED, "has 0 alerts", alerts()),
    Case("no budget", ALERTS, ONE, Status.FAILED, "doesn't exist", ME | {"budgets.describe_notifications_for_budget": GONE}),
    Case("denied", ALERTS, ONE, Status.UNKNOWN, "AccessDenied", {"sts.get_caller_identity": DENIED}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
