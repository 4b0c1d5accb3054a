"""EventBridge rules: what starts by itself, and what was stopped."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.judges import equal, every, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed


@check(permissions=("events:DescribeRule", "events:ListTargetsByRule"), remedy="aws events enable-rule --name <rule>")
def rules_enabled(aws: Aws, *, rules: list[str], schedule: str = "", bus: str = "default") -> Verdict:
    """Every rule is enabled and starts something.

    A rule that is off, or has no target, is silent.
    Reads events:DescribeRule and events:ListTargetsByRule once a rule. ``schedule`` is the schedule expression that each must
    have, such as ``rate(1 hour)``; empty accepts any.

    Example:
        check: aws.events.rules_enabled
        with: {rules: [workflow-nightly-prod], schedule: "cron(0 3 * * ? *)"}

    """

    def on(name: str) -> Verdict:
        seen = aws.events.describe_rule(Name=name, EventBusName=bus)
        if seen["State"] != "ENABLED":
            return failed(f"Rule {name} is {seen['State']}, wanted ENABLED.")
        if schedule and seen.get("ScheduleExpression") != schedule:
            return equal(f"Schedule of rule {name}", seen.get("ScheduleExpression"), schedule)
        targets = [str(each["Arn"]) for each in aws.events.list_targets_by_rule(Rule=name, EventBusName=bus)["Targets"]]
        return (
            passed(f"Rule {name} is ENABLED and starts {listed(targets)}.")
            if targets
            else failed(f"Rule {name} has no target.")
        )

    return every("rule", rules, on)


@check(permissions=("events:DescribeRule",), remedy="aws events disable-rule --name <rule>")
def rules_disabled(aws: Aws, *, rules: list[str], bus: str = "default") -> Verdict:
    """Every rule exists and is disabled, so that it starts nothing new.

    Reads events:DescribeRule once a rule. A rule that does not exist fails: the name may be wrong.

    Example:
        check: aws.events.rules_disabled
        with: {rules: [workflow-nightly-prod]}

    """
    return every(
        "rule",
        rules,
        lambda name: equal(f"Rule {name}", aws.events.describe_rule(Name=name, EventBusName=bus)["State"], "DISABLED"),
    )
