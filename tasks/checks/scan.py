"""What security scanners found: recent, and nothing bad left."""

from __future__ import annotations

from typing import Literal

from tasks.connect.files import Files
from tasks.core.judges import every, listed, recent
from tasks.core.registry import check
from tasks.core.scan_reports import SEVERITIES, scan
from tasks.core.verdicts import Verdict, failed, passed, unknown, worst

Severity = Literal["critical", "high", "medium", "low"]


@check(remedy="Update what the sentence names, or suppress it in the scanner with its reason; then scan again.")
def report_clean(
    files: Files, *, paths: list[str], at_most: dict[Severity, int] | None = None, maximum_age_hours: float = 168
) -> Verdict:
    """Every scanner's report is recent and has no more findings than are accepted.

    ``paths`` are JSON reports relative to the workspace: of Trivy, Grype, npm audit, pip-audit or Bandit, or SARIF of any other
    scanner. ``at_most`` says how many findings of a severity are accepted: no critical and no high ones unless it says
    otherwise, and any number of medium and low ones; what has no severity counts as critical. ``maximum_age_hours`` is how old
    the scan may be, by its own timestamp, else by the file's. Reads the files.

    Example:
        check: scan.report_clean
        with: {paths: [gennet/reports/trivy.json], at_most: {critical: 0, high: 0}}

    """
    limits: dict[Severity, int] = {"critical": 0, "high": 0, **(at_most or {})}

    def clean(path: str) -> Verdict:
        seen = scan(files.text(path))
        if not seen.looked_at:
            return unknown(f"The report {path} looked at nothing.")
        counts = {name: [each for each in seen.findings if each.severity == name] for name in SEVERITIES}
        told = ", ".join(f"{len(found)} {name}" for name, found in counts.items())
        offending = [each for name, limit in limits.items() if len(counts[name]) > limit for each in counts[name]]
        result = failed(f"{path} has {told}: {listed(offending)}.") if offending else passed(f"{path} has {told}.")
        return worst(
            [result, recent(f"The scan in {path}", seen.finished or files.changed(path), files.now, maximum_age_hours)]
        )

    return every("report", paths, clean)
