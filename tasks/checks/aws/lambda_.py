"""Lambda functions: there, configured, and permitted what they need."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer, only, parsed
from tasks.core.judges import equal, every, includes, listed
from tasks.core.policies import allows
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown, worst

_SIMULATES = ("lambda:GetFunctionConfiguration", "iam:SimulatePrincipalPolicy")


@check(
    permissions=("lambda:GetFunctionConfiguration",),
    remedy="aws lambda update-function-configuration --function-name <function> --memory-size <MB> --timeout <seconds>",
)
def configured(aws: Aws, *, function: str, memory_mb: int, timeout_seconds: int) -> Verdict:
    """The function is deployed with the wished memory and timeout.

    Memory also sets the share of a processor; a timeout below that of its caller cuts answers off.
    Reads lambda:GetFunctionConfiguration. ``memory_mb`` is in MB, ``timeout_seconds`` in seconds.

    Example:
        check: aws.lambda.configured
        with: {function: session-authorizer-prod, memory_mb: 128, timeout_seconds: 10}

    """
    seen = _function(aws, function)
    return worst(
        [
            equal(f"Memory of function {function}", seen["MemorySize"], memory_mb, "MB"),
            equal(f"Timeout of function {function}", seen["Timeout"], timeout_seconds, "s"),
        ]
    )


@check(
    permissions=("lambda:GetFunctionConfiguration",), remedy="aws lambda get-function-configuration --function-name <function>"
)
def active(aws: Aws, *, functions: list[str]) -> Verdict:
    """Every function is active and its last update succeeded.

    A function whose update failed goes on running the old code.
    Reads lambda:GetFunctionConfiguration once a function.

    Example:
        check: aws.lambda.active
        with: {functions: [session-authorizer-prod]}

    """

    def ready(name: str) -> Verdict:
        seen = _function(aws, name)
        if seen["State"] != "Active":
            return failed(f"Function {name} is {seen['State']}, wanted Active: {seen.get('StateReason') or 'no reason given'}.")
        return equal(f"Last update of function {name}", seen["LastUpdateStatus"], "Successful")

    return every("function", functions, ready)


@check(
    permissions=("lambda:GetFunctionConfiguration",),
    remedy="aws lambda get-function-configuration --function-name <function> --query 'Environment.Variables | keys(@)'",
)
def environment_variables_set(
    aws: Aws, *, functions: list[str], variables: list[str], more: dict[str, list[str]] | None = None
) -> Verdict:
    """Every function has a value for each wished environment variable.

    A function that misses one fails at its first call, often only on a path that is seldom taken.
    Reads lambda:GetFunctionConfiguration once a function. ``variables`` are wanted of every function, those under ``more`` of
    the function named there. Values are never shown; an empty value counts as missing.

    Example:
        check: aws.lambda.environment_variables_set
        with: {functions: [session-authorizer-prod], variables: [VERSION], more: {session-authorizer-prod: [USER_POOL_ID]}}

    """
    additional = more or {}

    def complete(name: str) -> Verdict:
        seen = _function(aws, name).get("Environment", {}).get("Variables", {})  # omitted where there is none
        present = [variable for variable, value in seen.items() if value]
        return includes(f"Environment of function {name}", present, [*variables, *additional.get(name, [])])

    return every("function", list(dict.fromkeys([*functions, *additional])), complete)


@check(permissions=_SIMULATES, remedy="aws iam simulate-principal-policy --policy-source-arn <role> --action-names <action>")
def role_allows(aws: Aws, *, permissions: dict[str, list[str]], resources: dict[str, list[str]] | None = None) -> Verdict:
    """The role of every function allows the actions that the function needs.

    A missing permission shows only when the function reaches that call.
    Reads lambda:GetFunctionConfiguration and iam:SimulatePrincipalPolicy. ``permissions`` maps a function to its IAM actions.
    An action may be followed by the resource that it is needed on, after a blank; ``resources`` maps an action to the
    resources that it is needed on whichever function asks. A resource is an ARN or the end of one, such as
    ``table/Sessions-prod``, which gets the action's service and the function's region and account.

    Example:
        check: aws.lambda.role_allows
        with:
          permissions: {session-authorizer-prod: ["logs:PutLogEvents log-group:/aws/lambda/session-authorizer-prod:*"]}

    """

    def allowed(wanted: tuple[str, str]) -> Verdict:
        function, (action, _, resource) = wanted[0], wanted[1].partition(" ")
        places = [resource] if resource else (resources or {}).get(action, ["*"])
        return every("resource", places, lambda place: _simulated(aws, function, action, place))

    pairs = [(function, action) for function, actions in permissions.items() for action in actions]
    silent = [function for function, actions in permissions.items() if not actions]
    if silent:
        return unknown(f"The item does not say what {listed(silent)} must be allowed.")
    return every("permission", pairs, allowed)


@check(
    permissions=(*_SIMULATES, "apigateway:GET"),
    remedy="aws iam simulate-principal-policy --policy-source-arn <role> --action-names execute-api:ManageConnections",
)
def posts_to_connections_allowed(aws: Aws, *, functions: list[str], api: str, stage: str) -> Verdict:
    """The role of every function allows it to post to the connections of the WebSocket API.

    Without it a function takes messages and can never answer.
    Reads apigatewayv2 GetApis, lambda:GetFunctionConfiguration and iam:SimulatePrincipalPolicy. ``api`` is the API's name.

    Example:
        check: aws.lambda.posts_to_connections_allowed
        with: {functions: [session-heartbeat-handler-prod], api: session-websocket-api-prod, stage: prod}

    """
    place = f"{_api_id(aws, api)}/{stage}/POST/@connections/any"
    return every("function", functions, lambda name: _simulated(aws, name, "execute-api:ManageConnections", place))


@check(
    permissions=("lambda:GetPolicy", "apigateway:GET"),
    remedy="aws lambda add-permission --function-name <function> --action lambda:InvokeFunction --principal <principal> …",
)
def invoke_permission(aws: Aws, *, functions: list[str], principal: str = "apigateway.amazonaws.com", api: str = "") -> Verdict:
    """Every function lets the service invoke it.

    Without it API Gateway answers every message with an internal error and the function's log stays empty.
    Reads lambda:GetPolicy once a function, and apigatewayv2 GetApis with ``api``, the name of the API that must be let in:
    a permission may be left over from an API of the same name that is gone.

    Example:
        check: aws.lambda.invoke_permission
        with: {functions: [session-authorizer-prod], api: session-websocket-api-prod}

    """
    source = f":{_api_id(aws, api)}/" if api else ""

    def invocable(name: str) -> Verdict:
        found = aws.lambda_.get_policy.or_none(FunctionName=name)
        if found is None:
            return failed(f"Function {name} has no policy, so {principal} may not invoke it.")
        policy = parsed(found["Policy"], f"The policy of function {name}")
        if not allows(policy, principal, "lambda:InvokeFunction", source):
            return failed(f"The policy of function {name} does not let {api or principal} invoke it.")
        return passed(f"Function {name} lets {api or principal} invoke it.")

    return every("function", functions, invocable)


def _function(aws: Aws, name: str) -> Answer:
    return aws.lambda_.get_function_configuration(FunctionName=name)


def _api_id(aws: Aws, name: str) -> str:
    return str(only("API", aws.apigatewayv2.get_apis()["Items"], "Name", name)["ApiId"])


def _simulated(aws: Aws, function: str, action: str, resource: str) -> Verdict:
    seen = _function(aws, function)
    partition, region, account = (seen["FunctionArn"].split(":")[place] for place in (1, 3, 4))
    whole = resource == "*" or resource.startswith("arn:")
    place = resource if whole else f"arn:{partition}:{action.partition(':')[0]}:{region}:{account}:{resource}"
    answered = aws.iam.simulate_principal_policy(PolicySourceArn=seen["Role"], ActionNames=[action], ResourceArns=[place])
    result = only("simulated action", answered["EvaluationResults"], "EvalActionName", action)
    told = f"The role of function {function} answers {action} on {resource} with {result['EvalDecision']}"
    if result["EvalDecision"] == "allowed":
        return passed(f"The role of function {function} allows {action} on {resource}.")
    if result.get("MissingContextValues"):
        return unknown(f"{told}, and cannot be judged without {listed(result['MissingContextValues'])}.")
    return failed(f"{told}, wanted allowed.")
