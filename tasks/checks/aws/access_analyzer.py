"""IAM Access Analyzer: what can be reached from outside, and what nobody uses."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.judges import every, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown


@check(
    permissions=("access-analyzer:ListAnalyzers", "access-analyzer:ListFindings", "access-analyzer:ListFindingsV2"),
    remedy='aws accessanalyzer list-findings-v2 --analyzer-arn <arn> --filter \'{"status":{"eq":["ACTIVE"]}}\'',
)
def no_findings(aws: Aws, *, tolerated: list[str] | None = None) -> Verdict:
    """No analyzer has an open finding: nothing is open to outsiders or left unused.

    It reads every policy of the account, which no person does. An account without an analyzer is unknown.
    Reads access-analyzer:ListAnalyzers and access-analyzer:ListFindings. ``tolerated`` are ends of the ARNs of resources whose
    findings a person has accepted.

    Example:
        check: aws.access_analyzer.no_findings
        with: {tolerated: [role/partner-upload]}

    """
    analyzers = [each for each in aws.accessanalyzer.list_analyzers()["analyzers"] if each["status"] == "ACTIVE"]
    if not analyzers:
        return unknown(f"There is no active analyzer in {aws.region}, so nobody has looked.")

    def quiet(analyzer: Answer) -> Verdict:
        asked = {"analyzerArn": analyzer["arn"], "filter": {"status": {"eq": ["ACTIVE"]}}}
        findings = aws.accessanalyzer.list_findings_v2(**asked)["findings"]
        open_ones = [
            f"{each.get('resource', 'a resource')} ({each['findingType']})"
            for each in findings
            if not str(each.get("resource", "")).endswith(tuple(tolerated or ["\0"]))
        ]
        what = f"Analyzer {analyzer['name']} ({analyzer['type']})"
        if open_ones:
            return failed(f"{what} has {len(open_ones)} open findings: {listed(open_ones)}.")
        return passed(f"{what} has no open finding{f' but {len(findings)} tolerated ones' if findings else ''}.")

    return every("analyzer", analyzers, quiet)
