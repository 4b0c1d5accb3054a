"""Amazon Inspector: what runs here has no known hole."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.judges import listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

_SEVERE = ["CRITICAL", "HIGH"]


@check(
    permissions=("inspector2:ListCoverage", "inspector2:ListFindings"),
    remedy="aws inspector2 list-findings --sort-criteria field=SEVERITY,sortOrder=DESC --max-results 10",
)
def no_findings(aws: Aws, *, severities: list[str] = _SEVERE) -> Verdict:
    """No machine, image or function that Inspector scans has an open finding of these severities.

    A known hole is tried by machines within days of its publication. When Inspector scans nothing, it is unknown.
    Reads inspector2:ListCoverage and inspector2:ListFindings. ``severities`` are of CRITICAL, HIGH, MEDIUM, LOW.

    Example:
        check: aws.inspector.no_findings
        with: {severities: [CRITICAL]}

    """
    if not severities:
        return unknown("The item does not say which severities count.")
    scanned = aws.inspector2.list_coverage()["coveredResources"]
    if not scanned:
        return unknown(f"Inspector scans nothing in {aws.region}.")
    wanted = {
        "findingStatus": [{"comparison": "EQUALS", "value": "ACTIVE"}],
        "severity": [{"comparison": "EQUALS", "value": each} for each in severities],
    }
    titles = [str(each["title"]) for each in aws.inspector2.list_findings(filterCriteria=wanted)["findings"]]
    if titles:
        return failed(f"Inspector has {len(titles)} open findings of {' or '.join(severities)}: {listed(titles)}.")
    return passed(f"Inspector scans {len(scanned)} resources and has no open finding of {' or '.join(severities)}.")
