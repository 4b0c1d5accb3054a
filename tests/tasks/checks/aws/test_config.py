from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case

ON, ACTIVE, MET = (f"aws.config.{name}" for name in ("recorder_on", "rules_active", "rules_met"))
ONE = {"rules": ["no-public"]}


def recorder(**changes: Any) -> dict[str, Any]:
    found = {"name": "default", "recording": True, "lastStatus": "SUCCESS"} | changes
    return {"config.describe_configuration_recorder_status": {"ConfigurationRecordersStatus": [found]}}


def rules(**states: str) -> dict[str, Any]:
    found = [{"ConfigRuleName": name.replace("_", "-"), "ConfigRuleState": state} for name, state in states.items()]
    return {"config.describe_config_rules": {"ConfigRules": found}}


def compliance(**states: str) -> dict[str, Any]:
    found = [
        {"ConfigRuleName": name.replace("_", "-"), "Compliance": {"ComplianceType": state}} for name, state in states.items()
    ]
    return {"config.describe_compliance_by_config_rule": {"ComplianceByConfigRules": found}}


NO_RECORDER: dict[str, Any] = {"config.describe_configuration_recorder_status": {"ConfigurationRecordersStatus": []}}
CASES = [
    Case("records", ON, {}, Status.PASSED, "records", recorder()),
    Case("stopped", ON, {}, Status.FAILED, "not recording", recorder(recording=False)),
    Case("cannot deliver", ON, {}, Status.FAILED, "no bucket", recorder(lastStatus="FAILURE", lastErrorMessage="no bucket")),
    Case("empty account", ON, {}, Status.FAILED, "no recorder in us-east-1", NO_RECORDER),
    Case("denied", ON, {}, Status.UNKNOWN, "AccessDenied", {"config.describe_configuration_recorder_status": DENIED}),
    Case("one is active", ACTIVE, {}, Status.PASSED, "no-public", rules(no_public="ACTIVE")),
    Case("the one is active", ACTIVE, ONE, Status.PASSED, "no-public", rules(no_public="ACTIVE")),
    Case(
        "the one is being deleted", ACTIVE, ONE, Status.FAILED, "lacks no-public", rules(no_public="DELETING", other="ACTIVE")
    ),
    Case("no rule", ACTIVE, {}, Status.FAILED, "0 rules", rules()),
    Case("denied", ACTIVE, {}, Status.UNKNOWN, "AccessDenied", {"config.describe_config_rules": DENIED}),
    Case("all met", MET, {}, Status.PASSED, "any of 1 rules", compliance(no_public="COMPLIANT", other="NOT_APPLICABLE")),
    Case("one broken", MET, {}, Status.FAILED, "1 of 2 rules: other", compliance(no_public="COMPLIANT", other="NON_COMPLIANT")),
    Case("another broken", MET, ONE, Status.PASSED, "any of 1", compliance(no_public="COMPLIANT", other="NON_COMPLIANT")),
    Case("not judged yet", MET, ONE, Status.UNKNOWN, "has not judged no-public", compliance(no_public="INSUFFICIENT_DATA")),
    Case("no rule", MET, {}, Status.UNKNOWN, "has not judged anything", compliance()),
    Case("the rule is not there", MET, ONE, Status.FAILED, "no rule no-public", compliance(other="COMPLIANT")),
    Case("denied", MET, {}, Status.UNKNOWN, "AccessDenied", {"config.describe_compliance_by_config_rule": DENIED}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
