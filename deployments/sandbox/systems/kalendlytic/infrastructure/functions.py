"""The Lambda functions: what each is, what it may do, and the log group it writes to."""

from __future__ import annotations

from dataclasses import dataclass

from settings import Found, Resource, Settings


@dataclass(frozen=True)
class Function:
    """``routes`` are METHOD /path; ``services`` what it may do on the resources of this environment."""

    logical: str
    name: str
    routes: tuple[str, ...]
    services: tuple[tuple[str, str], ...] = ()
    memory_mb: int = 256
    timeout_s: int = 10


FUNCTIONS = (
    Function("Health", "health", ("GET /health",), (("ssm:GetParameters", "parameters"),), memory_mb=128),
    Function(
        "Events",
        "events",
        ("POST /events", "GET /events", "GET /events/{id}", "DELETE /events/{id}"),
        tuple((f"dynamodb:{each}", "events") for each in ("PutItem", "GetItem", "DeleteItem", "Query")),
    ),
    Function(
        "Files",
        "files",
        ("PUT /files/{name}", "GET /files/{name}", "DELETE /files/{name}"),
        tuple((f"s3:{each}", "files") for each in ("PutObject", "GetObject", "DeleteObject")),
        memory_mb=512,
        timeout_s=20,
    ),
    Function("Invitations", "invitations", ("POST /invitations",), (("ses:SendEmail", "mail"),)),
)
ANYWHERE = [  # these actions know no resource
    "cloudwatch:PutMetricData",
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DeleteNetworkInterface",
]


def environment(settings: Settings) -> dict[str, str]:
    events, preferences = settings.tables
    return {
        "ENVIRONMENT": settings.environment,
        "VERSION": settings.version,
        "LOG_LEVEL": settings.log_level,
        "CORS_ORIGINS": ",".join(settings.cors),
        "PARAMETERS": f"/kalendlytic/{settings.environment}",
        "EVENTS_TABLE": events,
        "PREFERENCES_TABLE": preferences,
        "FILES_BUCKET": settings.bucket("files"),
        "SENDER": f"calendar@{settings.zone}",
    }


def resources_of(settings: Settings, kind: str) -> list[str]:
    events = settings.arn("dynamodb", f"table/{settings.tables[0]}")
    return {
        "parameters": [settings.arn("ssm", f"parameter/kalendlytic/{settings.environment}/*")],
        "events": [events, f"{events}/index/*"],
        "files": [f"arn:aws:s3:::{settings.bucket('files')}/*"],
        "mail": [settings.arn("ses", f"identity/{settings.zone}")],
    }[kind]


def statements(settings: Settings, function: Function) -> list[dict[str, object]]:
    logs = settings.arn("logs", f"log-group:/aws/lambda/{settings.function(function.name)}:*")
    queue = settings.arn("sqs", settings.name("kalendlytic-failures"))
    found: list[dict[str, object]] = [
        {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": logs},
        {"Effect": "Allow", "Action": ANYWHERE, "Resource": "*"},
        {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": queue},
        {
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": {"Fn::GetAtt": ["Key", "Arn"]},
        },
    ]
    for kind in dict.fromkeys(kind for _, kind in function.services):
        actions = [action for action, of in function.services if of == kind]
        found.append({"Effect": "Allow", "Action": actions, "Resource": resources_of(settings, kind)})
    return found


def role(settings: Settings, function: Function) -> Resource:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    policy = {"Version": "2012-10-17", "Statement": statements(settings, function)}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": settings.function(function.name),
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [{"PolicyName": "permissions", "PolicyDocument": policy}],
        },
    }


def log_group(settings: Settings, function: Function) -> Resource:
    return {
        "Type": "AWS::Logs::LogGroup",
        "Properties": {
            "LogGroupName": f"/aws/lambda/{settings.function(function.name)}",
            "RetentionInDays": settings.log_retention_days,
        },
    }


def function_resource(settings: Settings, found: Found, function: Function, code: dict[str, str]) -> Resource:
    network = {"SubnetIds": list(found.subnets), "SecurityGroupIds": list(found.security_groups)}
    return {
        "Type": "AWS::Lambda::Function",
        "DependsOn": [f"{function.logical}Logs"],
        "Properties": {
            "FunctionName": settings.function(function.name),
            "Description": f"Kalendlytic {settings.version}",
            "Runtime": "python3.11",
            "Handler": f"kalendlytic.{function.name}.handler",
            "Code": code,
            "MemorySize": function.memory_mb,
            "Timeout": function.timeout_s,
            "ReservedConcurrentExecutions": settings.concurrency,
            "Role": {"Fn::GetAtt": [f"{function.logical}Role", "Arn"]},
            "TracingConfig": {"Mode": "Active"},
            "DeadLetterConfig": {"TargetArn": {"Fn::GetAtt": ["Failures", "Arn"]}},
            "Environment": {"Variables": environment(settings)},
            **({"VpcConfig": network} if settings.vpc else {}),
        },
    }


def functions(settings: Settings, found: Found, code: dict[str, str]) -> dict[str, Resource]:
    queue = {"QueueName": settings.name("kalendlytic-failures"), "MessageRetentionPeriod": 1209600}
    resources: dict[str, Resource] = {"Failures": {"Type": "AWS::SQS::Queue", "Properties": queue}}
    for function in FUNCTIONS:
        resources[f"{function.logical}Logs"] = log_group(settings, function)
        resources[f"{function.logical}Role"] = role(settings, function)
        resources[function.logical] = function_resource(settings, found, function, code)
    return resources
