"""The five Lambda functions: what each is, what it may do, and the log group it writes to."""

from __future__ import annotations

from dataclasses import dataclass

from settings import NAMESPACE, Settings

Resource = dict[str, object]


@dataclass(frozen=True)
class Function:
    logical: str
    name: str
    module: str
    memory_mb: int
    timeout_s: int
    tables: tuple[tuple[str, tuple[str, ...]], ...] = ()
    posts_back: bool = False
    calls_itself: bool = False


FUNCTIONS = (
    Function("Authorizer", "session-authorizer", "authorizer", memory_mb=128, timeout_s=10),
    Function(
        "ConnectionHandler",
        "session-connection-handler",
        "connection",
        memory_mb=256,
        timeout_s=30,
        tables=(
            ("Sessions", ("GetItem", "PutItem")),
            ("Connections", ("PutItem",)),
            ("RateLimits", ("UpdateItem",)),
        ),
        posts_back=True,
        calls_itself=True,
    ),
    Function(
        "HeartbeatHandler",
        "session-heartbeat-handler",
        "heartbeat",
        memory_mb=128,
        timeout_s=10,
        tables=(("Connections", ("GetItem", "UpdateItem")),),
        posts_back=True,
    ),
    Function(
        "DisconnectHandler",
        "session-disconnect-handler",
        "disconnect",
        memory_mb=256,
        timeout_s=30,
        tables=(("Sessions", ("UpdateItem",)), ("Connections", ("DeleteItem", "Query"))),
        posts_back=True,
    ),
    Function(
        "RefreshHandler",
        "session-refresh-handler",
        "refresh",
        memory_mb=256,
        timeout_s=30,
        tables=(("Connections", ("UpdateItem",)),),
        posts_back=True,
    ),
)


def environment(settings: Settings) -> dict[str, str]:
    return {
        "ENVIRONMENT": settings.environment,
        "VERSION": settings.version,
        "REGION": settings.region,
        "USER_POOL_ID": settings.user_pool,
        "CLIENT_ID": settings.client,
        "SESSIONS_TABLE": settings.name("Sessions"),
        "CONNECTIONS_TABLE": settings.name("Connections"),
        "RATE_LIMITS_TABLE": settings.name("RateLimits"),
        "METRICS_NAMESPACE": f"{NAMESPACE}/{settings.environment}",
        "LOG_LEVEL": "INFO",
    }


def statements(settings: Settings, function: Function) -> list[dict[str, object]]:
    home = f"arn:aws:{{}}:{settings.region}:{settings.account}:"
    logs = home.format("logs") + f"log-group:/aws/lambda/{settings.name(function.name)}:*"
    found = [{"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": logs}]
    for table, operations in function.tables:
        arn = home.format("dynamodb") + f"table/{settings.name(table)}"
        actions = [f"dynamodb:{operation}" for operation in operations]
        found.append({"Effect": "Allow", "Action": actions, "Resource": [arn, f"{arn}/index/*"]})
    if function.posts_back:
        connections = {"Fn::Sub": home.format("execute-api") + "${Api}/prod/POST/@connections/*"}
        found.append({"Effect": "Allow", "Action": ["execute-api:ManageConnections"], "Resource": connections})
    if function.calls_itself:
        itself = home.format("lambda") + f"function:{settings.name(function.name)}"
        found.append({"Effect": "Allow", "Action": ["lambda:InvokeFunction"], "Resource": itself})
    return found


def role(settings: Settings, function: Function) -> Resource:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    policy = {"Version": "2012-10-17", "Statement": statements(settings, function)}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": settings.name(f"{function.name}-role"),
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [{"PolicyName": "permissions", "PolicyDocument": policy}],
        },
    }


def log_group(settings: Settings, function: Function) -> Resource:
    return {
        "Type": "AWS::Logs::LogGroup",
        "Properties": {
            "LogGroupName": f"/aws/lambda/{settings.name(function.name)}",
            "RetentionInDays": settings.log_retention_days,
        },
    }


def function_resource(settings: Settings, function: Function, code: dict[str, str]) -> Resource:
    return {
        "Type": "AWS::Lambda::Function",
        "DependsOn": [f"{function.logical}Logs"],
        "Properties": {
            "FunctionName": settings.name(function.name),
            "Description": f"Session management {settings.version}",
            "Runtime": "python3.11",
            "Handler": f"sessions.{function.module}.handler",
            "Code": code,
            "MemorySize": function.memory_mb,
            "Timeout": function.timeout_s,
            "Role": {"Fn::GetAtt": [f"{function.logical}Role", "Arn"]},
            "Environment": {"Variables": environment(settings)},
        },
    }


def functions(settings: Settings, code: dict[str, str]) -> dict[str, Resource]:
    resources: dict[str, Resource] = {}
    for function in FUNCTIONS:
        resources[f"{function.logical}Logs"] = log_group(settings, function)
        resources[f"{function.logical}Role"] = role(settings, function)
        resources[function.logical] = function_resource(settings, function, code)
    return resources
