from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

ON, SPENT, USED, LOOKS, NONE, TAGS = (
    f"aws.costs.{name}"
    for name in (
        "explorer_enabled", "spending", "commitments_used", "anomaly_detection_on", "no_anomalies", "allocation_tags_active",
    )
)  # fmt: skip
UNREAD = {"ce.get_cost_and_usage": DENIED}
MONITOR = {"ce.get_anomaly_monitors": {"AnomalyMonitors": [{"MonitorArn": "m1", "MonitorName": "services"}]}}
NO_MONITOR: dict[str, Any] = {"ce.get_anomaly_monitors": {"AnomalyMonitors": []}}


def costs(now: dict[str, float], before: dict[str, float] | None = None) -> dict[str, Any]:
    def found(**asked: Any) -> dict[str, Any]:
        today = datetime.now(UTC).date()
        ends = date.fromisoformat(asked["TimePeriod"]["End"])
        services = now if today - ends < timedelta(days=2) else before or {}
        day = [{"Keys": [name], "Metrics": {"UnblendedCost": {"Amount": str(each)}}} for name, each in services.items()]
        return {"ResultsByTime": [{"Groups": day}, {"Groups": []}]}

    return {"ce.get_cost_and_usage": found}


def reserved(hours: str, percent: str) -> dict[str, Any]:
    return {"ce.get_reservation_utilization": {"Total": {"PurchasedHours": hours, "UtilizationPercentage": percent}}}


def tells(*addresses: str, monitor: str = "m1") -> dict[str, Any]:
    found = [{"MonitorArnList": [monitor], "Subscribers": [{"Address": each} for each in addresses]}]
    return MONITOR | {"ce.get_anomaly_subscriptions": {"AnomalySubscriptions": found}}


def anomalies(*impacts: float) -> dict[str, Any]:
    return MONITOR | {"ce.get_anomalies": {"Anomalies": [{"Impact": {"TotalImpact": each}} for each in impacts]}}


BILL = costs({"Lambda": 20.0, "DynamoDB": 80.0}, {"Lambda": 80.0})
TAG = {"tags": ["Project"]}
CASES = [
    Case("figures", ON, {}, Status.PASSED, "100.00 (DynamoDB 80.00, Lambda 20.00)", BILL),
    Case("no figure", ON, {}, Status.UNKNOWN, "no figure", costs({})),
    Case("not switched on", ON, {}, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("nothing there", ON, {}, Status.FAILED, "NotFound", {"ce.get_cost_and_usage": aws_error("BillViewNotFoundException")}),
    Case("for a person", SPENT, {}, Status.PASSED, "cost 100.00 (DynamoDB 80.00, Lambda 20.00), the 7 days before 80.00", BILL),
    Case("just within the limit", SPENT, {"at_most_total": 100}, Status.PASSED, "100.00", BILL),
    Case("over the limit", SPENT, {"at_most_total": 99}, Status.FAILED, "wanted at most 99", BILL),
    Case("just within the growth", SPENT, {"at_most_growth_percent": 25}, Status.PASSED, "before 80.00", BILL),
    Case("grew too much", SPENT, {"at_most_growth_percent": 24}, Status.FAILED, "at most 24 % more", BILL),
    Case("nothing before", SPENT, {"at_most_growth_percent": 24}, Status.UNKNOWN, "nothing to compare", costs({"Lambda": 1.0})),
    Case("no figure", SPENT, {}, Status.UNKNOWN, "no figure", costs({})),
    Case("denied", SPENT, {}, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("just enough used", USED, {}, Status.PASSED, "80 %", reserved("720", "80")),
    Case("too little used", USED, {}, Status.FAILED, "79.9 %, wanted at least 80 %", reserved("720", "79.9")),
    Case("nothing reserved", USED, {}, Status.UNKNOWN, "no reservation", reserved("0", "0")),
    Case("denied", USED, {}, Status.UNKNOWN, "AccessDenied", {"ce.get_reservation_utilization": DENIED}),
    Case("looks and tells", LOOKS, {}, Status.PASSED, "services tells ops@example.com", tells("ops@example.com")),
    Case("tells nobody", LOOKS, {}, Status.FAILED, "tells nobody", tells()),
    Case("somebody hears of another", LOOKS, {}, Status.FAILED, "tells nobody", tells("ops@example.com", monitor="m2")),
    Case("nobody looks", LOOKS, {}, Status.FAILED, "No monitor", NO_MONITOR),
    Case("denied", LOOKS, {}, Status.UNKNOWN, "AccessDenied", MONITOR | {"ce.get_anomaly_subscriptions": DENIED}),
    Case("none", NONE, {}, Status.PASSED, "0 anomalies", anomalies()),
    Case("just little enough", NONE, {"at_most_impact": 5}, Status.PASSED, "is 5", anomalies(2, 3)),
    Case("too much", NONE, {"at_most_impact": 4}, Status.FAILED, "wanted at most 4", anomalies(2, 3)),
    Case("nobody looks", NONE, {}, Status.UNKNOWN, "nobody can say", NO_MONITOR),
    Case("denied", NONE, {}, Status.UNKNOWN, "AccessDenied", MONITOR | {"ce.get_anomalies": DENIED}),
    Case("active", TAGS, TAG, Status.PASSED,
         "has Project", {"ce.list_cost_allocation_tags": {"CostAllocationTags": [{"TagKey": "Project"}]}}),
    Case("not active", TAGS, TAG, Status.FAILED, "lacks Project", {"ce.list_cost_allocation_tags": {"CostAllocationTags": []}}),
    Case("none named", TAGS, {"tags": []}, Status.UNKNOWN,
         "does not say", {"ce.list_cost_allocation_tags": {"CostAllocationTags": []}}),
    Case("denied", TAGS, TAG, Status.UNKNOWN, "AccessDenied", {"ce.list_cost_allocation_tags": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
