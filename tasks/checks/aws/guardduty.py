"""GuardDuty: watching, and having found nothing that somebody should look at."""

from __future__ import annotations

from datetime import timedelta

from tasks.connect.aws import Aws
from tasks.core.errors import Absent
from tasks.core.judges import equal, every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_FEW = 5


@check(permissions=("guardduty:ListDetectors", "guardduty:GetDetector"), remedy="aws guardduty create-detector --enable")
def enabled(aws: Aws) -> Verdict:
    """GuardDuty watches this account in this region.

    It sees stolen credentials and machines that mine or scan, which no log of ours shows.
    Reads guardduty:ListDetectors and guardduty:GetDetector.

    Example:
        check: aws.guardduty.enabled

    """
    return every(
        "detector",
        _detectors(aws),
        lambda each: equal(f"Detector {each}", aws.guardduty.get_detector(DetectorId=each)["Status"], "ENABLED"),
    )


@check(
    permissions=("guardduty:ListDetectors", "guardduty:ListFindings", "guardduty:GetFindings"),
    remedy="aws guardduty get-findings --detector-id <detector> --finding-ids <id>",
)
def no_findings(aws: Aws, *, severity: float = 7, days: float = 7) -> Verdict:
    """GuardDuty has no open finding of the last days that is as severe as said.

    Reads guardduty:ListFindings and guardduty:GetFindings. ``severity`` runs from 1 to 10: 4 is medium, 7 high, 9 critical;
    archived findings do not count.

    Example:
        check: aws.guardduty.no_findings
        with: {severity: 4, days: 1}

    """
    since = int((aws.now - timedelta(days=days)).timestamp() * 1000)
    wanted = {"severity": {"Gte": int(severity)}, "updatedAt": {"Gte": since}, "service.archived": {"Eq": ["false"]}}

    def quiet(detector: str) -> Verdict:
        asked = {"DetectorId": detector, "FindingCriteria": {"Criterion": wanted}}
        found = aws.guardduty.list_findings(**asked)["FindingIds"]
        if not found:
            return passed(f"Detector {detector} has no open finding of severity {severity:g} of the last {days:g} days.")
        shown = aws.guardduty.get_findings(DetectorId=detector, FindingIds=found[:_FEW])["Findings"]
        titles = " | ".join(str(each["Title"]) for each in shown)
        return failed(f"Detector {detector} has {len(found)} open findings of the last {days:g} days: {titles}.")

    return every("detector", _detectors(aws), quiet)


def _detectors(aws: Aws) -> list[str]:
    found: list[str] = aws.guardduty.list_detectors()["DetectorIds"]
    if not found:
        raise Absent(f"GuardDuty has no detector in {aws.region}.")
    return found
