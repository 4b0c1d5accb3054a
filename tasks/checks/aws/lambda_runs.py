"""How Lambda functions run: without errors, quickly started, and in the memory they need."""

from __future__ import annotations

import re
from datetime import timedelta

from tasks.checks.aws.metrics import total
from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.judges import at_most, every, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

_MOST_LINES = 1000
_INIT = re.compile(r"Init Duration: ([\d.]+) ms")
_MEMORY = re.compile(r"Memory Size: (\d+) MB\s+Max Memory Used: (\d+) MB")
_LOGS = ("lambda:GetFunctionConfiguration", "logs:FilterLogEvents")


@check(
    permissions=("lambda:GetFunctionConfiguration", "cloudwatch:GetMetricData"),
    remedy="aws logs tail /aws/lambda/<function> --since 1h --filter-pattern ERROR",
)
def ran_well(aws: Aws, *, functions: list[str], minutes: int = 60, invocations: int = 1, error_percent: float = 0) -> Verdict:
    """Every function was invoked in the last minutes, with few enough errors.

    Reads the sums of Invocations and Errors by cloudwatch:GetMetricData. ``invocations`` is the smallest number that says
    anything: fewer are unknown; ``error_percent`` is the accepted share of errors.

    Example:
        check: aws.lambda_runs.ran_well
        with: {functions: [orders-prod], minutes: 30}

    """

    def well(name: str) -> Verdict:
        _function(aws, name)
        calls, errors = (_sum(aws, name, each, minutes) for each in ("Invocations", "Errors"))
        told = f"Function {name} was invoked {calls:g} times in the last {minutes} minutes, {errors:g} times with an error"
        if calls < max(invocations, 1):
            return unknown(f"{told}; wanted at least {max(invocations, 1)} invocations to judge.")
        return (
            passed(f"{told}.")
            if 100 * errors <= error_percent * calls
            else failed(f"{told}, wanted at most {error_percent:g} %.")
        )

    return every("function", functions, well)


@check(
    permissions=_LOGS, remedy="aws lambda put-provisioned-concurrency-config --function-name <function> --qualifier <alias> …"
)
def cold_starts(aws: Aws, *, functions: list[str], at_most_ms: float = 0, hours: int = 24) -> Verdict:
    """How long cold starts of the functions took: 95 of 100 were quicker than the figure shown.

    The first user after a quiet time waits that long on top.
    Reads the REPORT lines by logs:FilterLogEvents, a thousand a function. ``at_most_ms`` is the limit; 0 sets none, and the
    figures are for a person to judge. A function without a cold start is unknown.

    Example:
        check: aws.lambda_runs.cold_starts
        with: {functions: [orders-prod], at_most_ms: 1500, hours: 24}

    """

    def started(name: str) -> Verdict:
        lines = _lines(aws, name, '"Init Duration"', hours)
        seen = sorted(float(found.group(1)) for line in lines if (found := _INIT.search(line)))
        if not seen:
            return unknown(f"Function {name} had no cold start in the last {hours} hours.")
        slow = seen[min(len(seen) - 1, int(0.95 * len(seen)))]
        what = f"The 95th percentile of {len(seen)} cold starts of function {name}"
        return at_most(what, slow, at_most_ms, "ms") if at_most_ms else passed(f"{what} is {slow:g} ms.")

    return every("function", functions, started)


@check(permissions=_LOGS, remedy="aws lambda update-function-configuration --function-name <function> --memory-size <MB>")
def memory_fits(aws: Aws, *, functions: list[str], at_most_percent: float = 90, hours: int = 24) -> Verdict:
    """No function comes near the end of its memory.

    A function that needs more than it has is stopped in the middle.
    Reads the REPORT lines by logs:FilterLogEvents, a thousand a function. ``at_most_percent`` is the highest share of its
    memory that a run may use. A function that did not run is unknown.

    Example:
        check: aws.lambda_runs.memory_fits
        with: {functions: [orders-prod], at_most_percent: 85}

    """

    def fits(name: str) -> Verdict:
        found = [each for line in _lines(aws, name, '"Max Memory Used"', hours) if (each := _MEMORY.search(line))]
        if not found:
            return unknown(f"Function {name} did not run in the last {hours} hours.")
        size, used = max(((int(each.group(1)), int(each.group(2))) for each in found), key=lambda pair: pair[1] / pair[0])
        what = f"The most memory used in {len(found)} runs of function {name}, {used} of {size} MB,"
        return at_most(what, round(100 * used / size, 1), at_most_percent, "%")

    return every("function", functions, fits)


@check(
    permissions=("lambda:GetFunctionConfiguration", "compute-optimizer:GetLambdaFunctionRecommendations"),
    remedy="aws compute-optimizer get-lambda-function-recommendations --function-arns <arn>",
)
def rightly_sized(aws: Aws, *, functions: list[str]) -> Verdict:
    """AWS Compute Optimizer would leave the memory of every function as it is.

    Reads lambda:GetFunctionConfiguration and compute-optimizer:GetLambdaFunctionRecommendations once a function. It needs fifty
    runs in two weeks: a function with fewer is unknown.

    Example:
        check: aws.lambda_runs.rightly_sized
        with: {functions: [orders-prod]}

    """

    def fits(name: str) -> Verdict:
        asked = {"functionArns": [_function(aws, name)["FunctionArn"]]}
        found = aws.compute_optimizer.get_lambda_function_recommendations(**asked)["lambdaFunctionRecommendations"]
        if not found or found[0]["finding"] == "Unavailable":
            return unknown(f"Compute Optimizer has seen too few runs of function {name}.")
        if found[0]["finding"] == "Optimized":
            return passed(f"Compute Optimizer would leave the {found[0]['currentMemorySize']} MB of function {name}.")
        better = listed(each["memorySize"] for each in found[0].get("memorySizeRecommendationOptions", []))
        return failed(
            f"Compute Optimizer would give function {name} {better or 'other'} MB for {found[0]['currentMemorySize']} MB."
        )

    return every("function", functions, fits)


def _function(aws: Aws, name: str) -> Answer:
    return aws.lambda_.get_function_configuration(FunctionName=name)


def _sum(aws: Aws, name: str, metric: str, minutes: int) -> float:
    return total(aws, "AWS/Lambda", metric, {"FunctionName": name}, minutes=minutes) or 0


def _lines(aws: Aws, name: str, pattern: str, hours: int) -> list[str]:
    group = _function(aws, name).get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{name}"
    events = aws.logs.filter_log_events(
        logGroupName=group,
        filterPattern=pattern,
        startTime=int((aws.now - timedelta(hours=hours)).timestamp() * 1000),
        PaginationConfig={"MaxItems": _MOST_LINES},
    )["events"]
    return [str(each["message"]) for each in events]
