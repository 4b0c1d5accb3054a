"""CloudWatch log groups: there, kept as long as wished, and free of errors."""

from __future__ import annotations

from datetime import timedelta

from tasks.connect.aws import Aws
from tasks.core.answers import Answer, only
from tasks.core.judges import at_least, equal, every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

_MOST_EVENTS = 20
_MOST_COUNTED = 1000
_LONGEST_LINE = 200
_READS_LINES = ("logs:DescribeLogGroups", "logs:FilterLogEvents")
_ERRORS = ["ERROR", "Traceback", '"Task timed out"']


@check(permissions=("logs:DescribeLogGroups",), remedy="aws logs create-log-group --log-group-name <group>")
def groups_exist(aws: Aws, *, groups: list[str]) -> Verdict:
    """Every log group exists.

    A function whose log group is missing makes one that keeps its lines for ever, or loses them when it may not.
    Reads logs:DescribeLogGroups once a group. ``groups`` are full names.

    Example:
        check: aws.logs.groups_exist
        with: {groups: [/aws/lambda/session-authorizer-prod]}

    """
    return every("log group", groups, lambda name: passed(f"Log group {_group(aws, name)['logGroupName']} exists."))


@check(
    permissions=("logs:DescribeLogGroups",),
    remedy="aws logs put-retention-policy --log-group-name <group> --retention-in-days <days>",
)
def retention_set(aws: Aws, *, groups: list[str], days: int) -> Verdict:
    """Every log group keeps its lines for exactly the wished number of days.

    Shorter loses what an incident needs; longer costs money and may break a promise about personal data.
    Reads logs:DescribeLogGroups once a group. ``days`` is one of the numbers that CloudWatch takes; it knows no hours.

    Example:
        check: aws.logs.retention_set
        with: {groups: [/aws/lambda/session-authorizer-dev], days: 1}

    """
    return every("log group", groups, lambda name: equal(f"Retention of log group {name}", _days(aws, name), days, "days"))


@check(
    permissions=("logs:DescribeLogGroups",),
    remedy="aws logs put-retention-policy --log-group-name <group> --retention-in-days <days>",
)
def retention_at_least(aws: Aws, *, groups: list[str], days: int) -> Verdict:
    """Every log group keeps its lines for the wished number of days or longer.

    An incident is often understood days after it began. A group that never expires keeps longer than any number of days.
    Reads logs:DescribeLogGroups once a group.

    Example:
        check: aws.logs.retention_at_least
        with: {groups: [/aws/lambda/session-authorizer-prod], days: 7}

    """

    def long_enough(name: str) -> Verdict:
        seen = _days(aws, name)
        if seen is None:
            return passed(f"Log group {name} never expires, wanted at least {days} days.")
        return at_least(f"Retention of log group {name}", seen, days, "days")

    return every("log group", groups, long_enough)


@check(
    permissions=_READS_LINES,
    remedy="aws logs filter-log-events --log-group-name <group> --filter-pattern ERROR",
)
def no_errors(
    aws: Aws,
    *,
    groups: list[str],
    patterns: list[str] = _ERRORS,
    minutes: int = 60,
    allow_empty: bool = False,
) -> Verdict:
    """No log group has a line of an error in the last minutes.

    Errors show in the log before an alarm has enough of them. The first lines found are quoted.
    Reads logs:DescribeLogGroups and logs:FilterLogEvents. Each of ``patterns`` is a CloudWatch filter pattern and asked for
    by itself; ``minutes`` counts back from the beginning of the sample. A group without any line in that time is unknown
    unless ``allow_empty``.

    Example:
        check: aws.logs.no_errors
        with: {groups: [/aws/lambda/session-authorizer-prod], minutes: 30}

    """

    def clean(name: str, pattern: str) -> Verdict:
        errors = _events(aws, name, minutes, pattern)
        if not errors:
            return passed(f"Log group {name} has no line of {pattern} in the last {minutes} minutes.")
        many = f"{len(errors)} or more" if len(errors) == _MOST_EVENTS else str(len(errors))
        lines = " | ".join(" ".join(event["message"].split())[:_LONGEST_LINE] for event in errors[:3])
        return failed(f"Log group {name} has {many} lines of {pattern} in the last {minutes} minutes: {lines}.")

    def quiet(name: str) -> Verdict:
        _group(aws, name)
        if _events(aws, name, minutes):
            return every("pattern", patterns, lambda pattern: clean(name, pattern))
        silent = f"Log group {name} has no line at all of the last {minutes} minutes"
        return passed(f"{silent}.") if allow_empty else unknown(f"{silent}, so nothing could be judged.")

    return every("log group", groups, quiet)


@check(permissions=_READS_LINES, remedy="aws logs tail <group> --since 1h")
def flowing(aws: Aws, *, groups: list[str], minutes: int = 15) -> Verdict:
    """Every log group has a line of the last minutes.

    A log that stopped hides whatever went wrong since.
    Reads logs:DescribeLogGroups and logs:FilterLogEvents once a group. ``minutes`` is the longest silence that is accepted.

    Example:
        check: aws.logs.flowing
        with: {groups: [/aws/containerinsights/app-prod/application], minutes: 10}

    """

    def flows(name: str) -> Verdict:
        _group(aws, name)
        if not _events(aws, name, minutes):
            return failed(f"Log group {name} has no line of the last {minutes} minutes.")
        return passed(f"Log group {name} has lines of the last {minutes} minutes.")

    return every("log group", groups, flows)


@check(permissions=_READS_LINES, remedy="aws logs filter-log-events --log-group-name <group> --filter-pattern <pattern>")
def lines_counted(
    aws: Aws, *, groups: list[str], patterns: list[str], minutes: int = 1440, at_most: int = -1, allow_empty: bool = False
) -> Verdict:
    """How many lines of each pattern every log group has, and that they are few enough.

    For a person who reviews a day, and for what must never be in a log: lines are counted and not quoted, for they may hold
    secrets.
    Reads logs:DescribeLogGroups and logs:FilterLogEvents, a thousand lines a pattern. ``at_most`` is the accepted number for
    each pattern, -1 for any. A group without any line in that time is unknown unless ``allow_empty``.

    Example:
        check: aws.logs.lines_counted
        with: {groups: [/app/prod], patterns: ["%AKIA[0-9A-Z]{16}%", '"Bearer "'], minutes: 1440, at_most: 0}

    """

    def counted(pair: tuple[str, str]) -> Verdict:
        name, pattern = pair
        _group(aws, name)
        if not _events(aws, name, minutes) and not allow_empty:
            return unknown(f"Log group {name} has no line at all of the last {minutes} minutes, so nothing could be judged.")
        many = len(_events(aws, name, minutes, pattern, _MOST_COUNTED))
        shown = f"{many} or more" if many == _MOST_COUNTED else str(many)
        told = f"Log group {name} has {shown} lines of {pattern} in the last {minutes} minutes"
        return failed(f"{told}, wanted at most {at_most}.") if 0 <= at_most < many else passed(f"{told}.")

    return every("pattern", [(group, pattern) for group in groups for pattern in patterns], counted)


@check(
    permissions=("logs:DescribeLogGroups",),
    remedy="aws logs put-retention-policy --log-group-name <group> --retention-in-days <days>",
)
def retention_under(aws: Aws, *, prefix: str, at_least_days: int = 1, at_most_days: int = 3653) -> Verdict:
    """Every log group under the prefix keeps its lines as long as promised and no longer.

    Groups are made by whatever writes first, and then keep for ever: listing them by name misses the new ones.
    Reads logs:DescribeLogGroups. Both limits are in days; a group that never expires keeps too long. No group is unknown.

    Example:
        check: aws.logs.retention_under
        with: {prefix: /aws/lambda/kalendlytic-prod-, at_least_days: 30, at_most_days: 400}

    """

    def kept(group: Answer) -> Verdict:
        what, days = f"Log group {group['logGroupName']}", group.get("retentionInDays")
        wanted = f"wanted {at_least_days} to {at_most_days} days"
        if days is None:
            return failed(f"{what} never expires, {wanted}.")
        told = f"{what} keeps {days} days"
        return passed(f"{told}.") if at_least_days <= days <= at_most_days else failed(f"{told}, {wanted}.")

    return every("log group", aws.logs.describe_log_groups(logGroupNamePrefix=prefix)["logGroups"], kept)


def _group(aws: Aws, name: str) -> Answer:
    group: Answer = only("log group", aws.logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"], "logGroupName", name)
    return group


def _days(aws: Aws, name: str) -> int | None:
    days: int | None = _group(aws, name).get("retentionInDays")  # CloudWatch omits it where lines never expire
    return days


def _events(aws: Aws, name: str, minutes: int, pattern: str = "", most: int = _MOST_EVENTS) -> list[Answer]:
    since = int((aws.now - timedelta(minutes=minutes)).timestamp() * 1000)
    few: dict[str, int] = {"MaxItems": most if pattern else 1}
    asked = {"logGroupName": name, "startTime": since, "PaginationConfig": few} | (
        {"filterPattern": pattern} if pattern else {}
    )
    events: list[Answer] = aws.logs.filter_log_events(**asked)["events"]
    return events
