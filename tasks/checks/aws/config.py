"""AWS Config: what changes is recorded, and judged by rules."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.errors import Absent
from tasks.core.judges import every, includes, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown


@check(
    permissions=("config:DescribeConfigurationRecorderStatus",),
    remedy="aws configservice start-configuration-recorder --configuration-recorder-name <recorder>",
)
def recorder_on(aws: Aws) -> Verdict:
    """AWS Config records the changes of resources and delivers them.

    It answers who opened that port, and when.
    Reads config:DescribeConfigurationRecorderStatus.

    Example:
        check: aws.config.recorder_on

    """

    def records(recorder: Answer) -> Verdict:
        if recorder["recording"] is not True:
            return failed(f"Recorder {recorder['name']} is not recording.")
        if recorder.get("lastStatus") == "FAILURE":
            return failed(f"Recorder {recorder['name']} cannot deliver: {recorder.get('lastErrorMessage', 'no reason given')}.")
        return passed(f"Recorder {recorder['name']} records.")

    found = aws.config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    return every("recorder", found, records) if found else failed(f"AWS Config has no recorder in {aws.region}.")


@check(permissions=("config:DescribeConfigRules",), remedy="aws configservice describe-config-rules --config-rule-names <rule>")
def rules_active(aws: Aws, *, rules: list[str] | None = None) -> Verdict:
    """Rules of AWS Config are in force.

    Reads config:DescribeConfigRules. ``rules`` are names that must be among the active; by default one of any name will do.

    Example:
        check: aws.config.rules_active
        with: {rules: [s3-bucket-public-read-prohibited]}

    """
    found = aws.config.describe_config_rules()["ConfigRules"]
    active = [str(each["ConfigRuleName"]) for each in found if each["ConfigRuleState"] == "ACTIVE"]
    if not active:
        return failed(f"AWS Config has {len(found)} rules in {aws.region} and none is active.")
    return includes("The active rules of AWS Config", active, rules or active)


@check(
    permissions=("config:DescribeComplianceByConfigRule",),
    remedy="aws configservice get-compliance-details-by-config-rule --config-rule-name <rule> --compliance-types NON_COMPLIANT",
)
def rules_met(aws: Aws, *, rules: list[str] | None = None) -> Verdict:
    """No resource breaks a rule of AWS Config.

    Reads config:DescribeComplianceByConfigRule. ``rules`` are the names of those that count, by default all; a rule that has
    nothing to judge is left out, one that has not judged yet is unknown.

    Example:
        check: aws.config.rules_met
        with: {rules: [s3-bucket-public-read-prohibited, rds-storage-encrypted]}

    """
    found = aws.config.describe_compliance_by_config_rule()["ComplianceByConfigRules"]
    seen = {str(each["ConfigRuleName"]): str(each["Compliance"]["ComplianceType"]) for each in found}
    missing = [name for name in rules or [] if name not in seen]
    if missing:
        raise Absent(f"AWS Config has no rule {listed(missing)}.")
    judged = {name: state for name, state in seen.items() if name in (rules or seen) and state != "NOT_APPLICABLE"}
    broken = [name for name, state in judged.items() if state == "NON_COMPLIANT"]
    if broken:
        return failed(f"Resources break {len(broken)} of {len(judged)} rules: {listed(broken)}.")
    waiting = [name for name, state in judged.items() if state != "COMPLIANT"]
    if waiting or not judged:
        return unknown(f"AWS Config has not judged {listed(waiting) or 'anything'} yet.")
    return passed(f"No resource breaks any of {len(judged)} rules.")
