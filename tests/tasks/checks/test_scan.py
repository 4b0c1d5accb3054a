import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import Case

CLEAN = "scan.report_clean"
REPORT = {"paths": ["scan.json"]}
NOW = datetime.now(UTC).isoformat()


def wrote(content: Any) -> dict[str, str]:
    return {"scan.json": json.dumps(content)}


def trivy(*severities: str, moment: str = NOW) -> dict[str, str]:
    found = [{"Severity": each, "VulnerabilityID": "CVE-1", "PkgName": "zlib"} for each in severities]
    return wrote({"CreatedAt": moment, "Results": [{"Target": "image", "Vulnerabilities": found}]})


def sarif(rule: dict[str, Any], **result: Any) -> dict[str, str]:
    driver = {"name": "semgrep", "rules": [{"id": "r1", **rule}]}
    place = [{"physicalLocation": {"artifactLocation": {"uri": "a.py"}}}]
    return wrote({"runs": [{"tool": {"driver": driver}, "results": [{"ruleId": "r1", "locations": place, **result}]}]})


def scored(score: str) -> dict[str, Any]:
    return {"properties": {"security-severity": score}}


def grype(severity: str) -> dict[str, str]:
    match = {"vulnerability": {"severity": severity, "id": "GHSA-1"}, "artifact": {"name": "jinja2"}}
    return wrote({"matches": [match], "source": {"type": "image"}, "descriptor": {"timestamp": NOW}})


NPM = {"vulnerabilities": {"lodash": {"severity": "moderate"}}, "metadata": {"dependencies": {"total": 4}}}
PIP = {"dependencies": [{"name": "jinja2", "version": "2.0", "vulns": [{"id": "PYSEC-1"}]}]}
BANDIT = {"results": [], "metrics": {"_totals": {"loc": 100}}, "generated_at": NOW}
CASES = [
    Case("nothing bad", CLEAN, REPORT, Status.PASSED, "0 critical, 0 high, 1 medium, 0 low", files=trivy("MEDIUM")),
    Case("a high one", CLEAN, REPORT, Status.FAILED, "CVE-1 (high) in zlib", files=trivy("HIGH", "LOW")),
    Case("accepted", CLEAN, REPORT | {"at_most": {"high": 1}}, Status.PASSED, "1 high", files=trivy("HIGH")),
    Case("of unknown severity", CLEAN, REPORT, Status.FAILED, "CVE-1 (critical)", files=trivy("UNKNOWN")),
    Case("old", CLEAN, REPORT, Status.FAILED, "wanted at most", files=trivy(moment="2020-01-01T00:00:00.123456789Z")),
    Case("looked at nothing", CLEAN, REPORT, Status.UNKNOWN, "looked at nothing", files=wrote({"Results": []})),
    Case(
        "a secret in the image",
        CLEAN,
        REPORT,
        Status.FAILED,
        "aws-key (critical) in app/.env",
        files=wrote({"Results": [{"Target": "app/.env", "Secrets": [{"Severity": "CRITICAL", "RuleID": "aws-key"}]}]}),
    ),
    Case(
        "a mistake in the set-up",
        CLEAN,
        REPORT,
        Status.FAILED,
        "DS002 (high)",
        files=wrote(
            {
                "Results": [
                    {"Target": "Dockerfile", "Misconfigurations": [{"Severity": "HIGH", "ID": "DS002", "Status": "FAIL"}]}
                ]
            }
        ),
    ),
    Case("Grype", CLEAN, REPORT, Status.FAILED, "GHSA-1 (critical) in jinja2", files=grype("Critical")),
    Case("Grype, negligible", CLEAN, REPORT, Status.PASSED, "1 low", files=grype("Negligible")),
    Case("SARIF by score", CLEAN, REPORT, Status.FAILED, "r1 (critical) in a.py", files=sarif(scored("9.1"), level="note")),
    Case("SARIF by level", CLEAN, REPORT, Status.FAILED, "r1 (high) in a.py", files=sarif({}, level="error")),
    Case("SARIF, warning", CLEAN, REPORT, Status.PASSED, "1 medium", files=sarif({})),
    Case("SARIF, suppressed", CLEAN, REPORT, Status.PASSED, "0 high", files=sarif({}, level="error", suppressions=[{}])),
    Case("npm", CLEAN, REPORT, Status.PASSED, "1 medium", files=wrote(NPM)),
    Case("pip-audit", CLEAN, REPORT, Status.FAILED, "PYSEC-1 (critical) in jinja2", files=wrote(PIP)),
    Case("Bandit", CLEAN, REPORT, Status.PASSED, "0 critical", files=wrote(BANDIT)),
    Case("no scanner", CLEAN, REPORT, Status.UNKNOWN, "of no scanner that is known", files=wrote({"a": 1})),
    Case("a list", CLEAN, REPORT, Status.UNKNOWN, "of no scanner", files=wrote([])),
    Case("no JSON", CLEAN, REPORT, Status.UNKNOWN, "cannot be understood", files={"scan.json": "<html>"}),
    Case("no report", CLEAN, REPORT, Status.FAILED, "no file 'scan.json'"),
    Case(
        "a limit for others only", CLEAN, REPORT | {"at_most": {"low": 0}}, Status.FAILED, "CVE-1 (high)", files=trivy("HIGH")
    ),
    Case(
        "a limit for others too", CLEAN, REPORT | {"at_most": {"medium": 0}}, Status.FAILED, "(medium)", files=trivy("MEDIUM")
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
