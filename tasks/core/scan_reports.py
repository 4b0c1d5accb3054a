"""Reports of security scanners, all as a list of findings: Trivy, Grype, SARIF, npm audit, pip-audit, Bandit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tasks.core.errors import Malformed
from tasks.core.moments import moment

SEVERITIES = ("critical", "high", "medium", "low")
_ALSO = {"moderate": "medium", "error": "high", "warning": "medium", "note": "low", "negligible": "low", "info": "low"}


@dataclass(frozen=True)
class Finding:
    """One thing that was found: how bad, what, and where. Of unknown severity it counts as critical."""

    severity: str
    name: str
    place: str

    def __str__(self) -> str:
        return f"{self.name} ({self.severity}) in {self.place}"


@dataclass(frozen=True)
class Scan:
    """What a scanner found, in how many things, and when where the report says so."""

    findings: tuple[Finding, ...]
    looked_at: int
    finished: datetime | None


def scan(text: str) -> Scan:
    """What the report tells, whichever of the six kinds it is. Raises ``Malformed``."""
    try:
        content = json.loads(text)
        for sign, read in _KINDS.items():
            if sign in content:
                return read(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed(f"The report cannot be understood: {error!r}.") from error
    raise Malformed("The report is of no scanner that is known: Trivy, Grype, SARIF, npm audit, pip-audit or Bandit, as JSON.")


def _severity(told: Any) -> str:
    word = str(told or "").lower()
    return word if word in SEVERITIES else _ALSO.get(word, "critical")


def _trivy(content: Mapping[str, Any]) -> Scan:
    results = content["Results"] or []

    def found() -> Iterator[Finding]:
        for result in results:
            for each in result.get("Vulnerabilities") or []:
                yield Finding(_severity(each["Severity"]), each["VulnerabilityID"], each["PkgName"])
            for each in result.get("Misconfigurations") or []:
                if each.get("Status", "FAIL") == "FAIL":
                    yield Finding(_severity(each["Severity"]), each["ID"], result["Target"])
            for each in result.get("Secrets") or []:
                yield Finding(_severity(each["Severity"]), each["RuleID"], result["Target"])

    return Scan(tuple(found()), len(results), _maybe(content.get("CreatedAt")))


def _grype(content: Mapping[str, Any]) -> Scan:
    findings = tuple(
        Finding(_severity(each["vulnerability"]["severity"]), each["vulnerability"]["id"], each["artifact"]["name"])
        for each in content["matches"]
    )
    return Scan(findings, 1 if content.get("source") else 0, _maybe(content.get("descriptor", {}).get("timestamp")))


def _sarif(content: Mapping[str, Any]) -> Scan:
    runs = content["runs"]
    ends = [each.get("endTimeUtc") for run in runs for each in run.get("invocations", [])]
    findings = tuple(finding for run in runs for finding in _sarif_run(run))
    return Scan(findings, len(runs), min((moment(end) for end in ends if end), default=None))


def _sarif_run(run: Mapping[str, Any]) -> Iterator[Finding]:
    rules = {rule["id"]: rule for rule in run["tool"]["driver"].get("rules", [])}
    for each in run.get("results") or []:
        if each.get("suppressions"):
            continue
        rule = rules.get(each.get("ruleId"), {})
        level = each.get("level") or rule.get("defaultConfiguration", {}).get("level", "warning")
        score = rule.get("properties", {}).get("security-severity")
        place = ((each.get("locations") or [{}])[0]).get("physicalLocation", {}).get("artifactLocation", {}).get("uri", "?")
        yield Finding(_severity(level) if score is None else _scored(float(score)), str(each.get("ruleId", "?")), str(place))


def _scored(score: float) -> str:
    """The bands of CVSS."""
    return "critical" if score >= 9 else "high" if score >= 7 else "medium" if score >= 4 else "low"


def _npm(content: Mapping[str, Any]) -> Scan:
    findings = tuple(Finding(_severity(each["severity"]), name, name) for name, each in content["vulnerabilities"].items())
    return Scan(findings, int(content["metadata"]["dependencies"]["total"]), None)


def _pip(content: Mapping[str, Any]) -> Scan:
    packages = content["dependencies"]
    findings = tuple(
        Finding(_severity(None), each["id"], package["name"]) for package in packages for each in package.get("vulns", [])
    )
    return Scan(findings, len(packages), None)


def _bandit(content: Mapping[str, Any]) -> Scan:
    findings = tuple(
        Finding(_severity(each["issue_severity"]), each["test_id"], each["filename"]) for each in content["results"]
    )
    return Scan(findings, int(content["metrics"]["_totals"]["loc"]), _maybe(content.get("generated_at")))


def _maybe(value: Any) -> datetime | None:
    return moment(value) if value else None


_KINDS: Mapping[str, Callable[[Mapping[str, Any]], Scan]] = {
    "Results": _trivy,
    "matches": _grype,
    "runs": _sarif,
    "vulnerabilities": _npm,
    "dependencies": _pip,
    "metrics": _bandit,
}
