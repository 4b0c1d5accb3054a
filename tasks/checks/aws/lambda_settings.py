"""Settings of Lambda functions beyond memory and timeout; values of variables are judged and never shown."""

from __future__ import annotations

from collections.abc import Callable

from tasks.checks.aws.vpc import private_subnet
from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.judges import equal, every, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

_READS = ("lambda:GetFunctionConfiguration",)
_LOOK = "aws lambda get-function-configuration --function-name <function>"
_INSIGHTS = ":layer:LambdaInsightsExtension"


@check(permissions=_READS, remedy="aws lambda update-function-configuration --function-name <function> --environment …")
def variables_equal(aws: Aws, *, functions: list[str], values: dict[str, str]) -> Verdict:
    """Every function has each environment variable with the wished value.

    Reads lambda:GetFunctionConfiguration once a function. ``values`` maps a variable to its value. What stands there instead is
    not shown: it may be a secret.

    Example:
        check: aws.lambda_settings.variables_equal
        with: {functions: [orders-dev], values: {LOG_LEVEL: DEBUG}}

    """
    return _judged(aws, functions, values, "is not as wished", lambda seen, wanted: seen == wanted)


@check(permissions=_READS, remedy="aws lambda update-function-configuration --function-name <function> --environment …")
def variables_contain(aws: Aws, *, functions: list[str], parts: dict[str, str]) -> Verdict:
    """Each environment variable of every function contains the wished text, such as the host of production.

    Reads lambda:GetFunctionConfiguration once a function. ``parts`` maps a variable to a part of its value. What stands there
    instead is not shown: it may be a secret.

    Example:
        check: aws.lambda_settings.variables_contain
        with: {functions: [call-jira-prod], parts: {JIRA_URL: "https://example.atlassian.net"}}

    """
    return _judged(aws, functions, parts, "does not contain what is wished", lambda seen, wanted: wanted in seen)


@check(permissions=_READS, remedy="aws lambda update-function-configuration --function-name <function> --environment …")
def variables_free_of(aws: Aws, *, functions: list[str], words: list[str]) -> Verdict:
    """No environment variable of the functions contains any of the words.

    A function that still calls the mock answers well and does nothing.
    Reads lambda:GetFunctionConfiguration once a function. ``words`` are parts of values; upper and lower case are the same.

    Example:
        check: aws.lambda_settings.variables_free_of
        with: {functions: [call-jira-prod], words: [mock, localhost, staging]}

    """

    def free(name: str) -> Verdict:
        seen = _variables(aws, name)
        found = [f"{variable} ({word})" for variable, value in seen.items() for word in words if word.lower() in value.lower()]
        if found:
            return failed(f"The environment of function {name} has {listed(found)}.")
        return passed(f"None of the {len(seen)} variables of function {name} has {listed(words)}.")

    return every("function", functions, free) if words else unknown("The item does not say which words are not wanted.")


@check(
    permissions=("lambda:GetFunctionConcurrency",),
    remedy="aws lambda put-function-concurrency --function-name <function> --reserved-concurrent-executions <number>",
)
def concurrency_reserved(aws: Aws, *, functions: list[str], executions: int = 0) -> Verdict:
    """Executions are reserved for every function.

    Without it one busy function takes all that the account may run; with 0 the function does not run at all.
    Reads lambda:GetFunctionConcurrency once a function. ``executions`` is the wished number; 0 accepts any but 0.

    Example:
        check: aws.lambda_settings.concurrency_reserved
        with: {functions: [orders-prod], executions: 10}

    """

    def reserved(name: str) -> Verdict:
        seen = aws.lambda_.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions")  # omitted: none
        if not seen:
            return failed(f"Function {name} has {'no' if seen is None else 'only 0'} reserved executions.")
        return equal(f"Reserved executions of function {name}", seen, executions or seen)

    return every("function", functions, reserved)


@check(
    permissions=(*_READS, "lambda:GetFunctionEventInvokeConfig"),
    remedy="aws lambda update-function-configuration --function-name <function> --dead-letter-config TargetArn=<queue>",
)
def failures_kept(aws: Aws, *, functions: list[str]) -> Verdict:
    """What every function could not handle is kept in a dead letter queue or another destination.

    An event that failed thrice is lost without a trace otherwise.
    Reads lambda:GetFunctionConfiguration and lambda:GetFunctionEventInvokeConfig once a function.

    Example:
        check: aws.lambda_settings.failures_kept
        with: {functions: [orders-prod]}

    """

    def kept(name: str) -> Verdict:
        queue = _function(aws, name).get("DeadLetterConfig", {}).get("TargetArn")
        destination = aws.lambda_.get_function_event_invoke_config.or_none(FunctionName=name) or Answer()
        target = queue or destination.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        return (
            passed(f"Failures of function {name} go to {target}.")
            if target
            else failed(f"Failures of function {name} are lost.")
        )

    return every("function", functions, kept)


@check(
    permissions=_READS,
    remedy="aws lambda update-function-configuration --function-name <function> --tracing-config Mode=Active",
)
def tracing_on(aws: Aws, *, functions: list[str]) -> Verdict:
    """Requests to every function are traced by X-Ray.

    Reads lambda:GetFunctionConfiguration once a function.

    Example:
        check: aws.lambda_settings.tracing_on
        with: {functions: [orders-prod]}

    """
    return every(
        "function",
        functions,
        lambda name: equal(f"Tracing of function {name}", _function(aws, name).get("TracingConfig", {}).get("Mode"), "Active"),
    )


@check(
    permissions=_READS, remedy="aws lambda update-function-configuration --function-name <function> --layers <insights layer>"
)
def insights_on(aws: Aws, *, functions: list[str]) -> Verdict:
    """Lambda Insights measures every function.

    It shows the memory, processor and network of a function, which its own metrics do not.
    Reads the layers in lambda:GetFunctionConfiguration once a function.

    Example:
        check: aws.lambda_settings.insights_on
        with: {functions: [orders-prod]}

    """

    def measured(name: str) -> Verdict:
        layers = [str(each["Arn"]) for each in _function(aws, name).get("Layers", [])]
        found = [each for each in layers if _INSIGHTS in each]
        return (
            passed(f"Function {name} has {found[0]}.") if found else failed(f"Function {name} has no layer of Lambda Insights.")
        )

    return every("function", functions, measured)


@check(permissions=_READS, remedy="aws lambda update-function-configuration --function-name <function> --vpc-config …")
def in_vpc(aws: Aws, *, functions: list[str], vpc_id: str = "") -> Verdict:
    """Every function runs inside a VPC.

    Reads lambda:GetFunctionConfiguration once a function. ``vpc_id`` is the wished VPC's ID; empty accepts any.

    Example:
        check: aws.lambda_settings.in_vpc
        with: {functions: [orders-prod]}

    """

    def inside(name: str) -> Verdict:
        seen = _function(aws, name).get("VpcConfig", {}).get("VpcId")  # omitted or empty outside
        if not seen:
            return failed(f"Function {name} runs outside any VPC.")
        return equal(f"VPC of function {name}", seen, vpc_id or seen)

    return every("function", functions, inside)


@check(
    permissions=(*_READS, "ec2:DescribeRouteTables"),
    remedy="aws lambda update-function-configuration --function-name <function> --vpc-config …",
)
def in_private_subnets(aws: Aws, *, functions: list[str]) -> Verdict:
    """Every function runs in subnets without a route to an internet gateway.

    A function has no public address: in a public subnet it reaches nothing outside at all.
    Reads lambda:GetFunctionConfiguration once a function and ec2:DescribeRouteTables once a VPC.

    Example:
        check: aws.lambda_settings.in_private_subnets
        with: {functions: [orders-prod]}

    """

    def private(name: str) -> Verdict:
        seen = _function(aws, name).get("VpcConfig", {})
        if not seen.get("SubnetIds"):
            return failed(f"Function {name} runs in no subnet of ours.")
        return every(f"subnet of function {name}", seen["SubnetIds"], lambda each: private_subnet(aws, seen["VpcId"], each))

    return every("function", functions, private)


def _judged(
    aws: Aws, functions: list[str], wanted: dict[str, str], complaint: str, fits: Callable[[str, str], bool]
) -> Verdict:
    def judged(pair: tuple[str, str]) -> Verdict:
        name, variable = pair
        seen = _variables(aws, name)
        if variable not in seen:
            return failed(f"Variable {variable} of function {name} is absent.")
        if not fits(seen[variable], wanted[variable]):
            return failed(f"Variable {variable} of function {name} {complaint}.")
        return passed(f"Variable {variable} of function {name} is as wished.")

    return every("variable", [(name, variable) for name in functions for variable in wanted], judged)


def _variables(aws: Aws, name: str) -> dict[str, str]:
    seen: dict[str, str] = _function(aws, name).get("Environment", {}).get("Variables", {})  # omitted where there is none
    return seen


def _function(aws: Aws, name: str) -> Answer:
    return aws.lambda_.get_function_configuration(FunctionName=name)
