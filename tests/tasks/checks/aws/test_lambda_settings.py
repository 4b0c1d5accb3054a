from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

EQUAL, CONTAIN, FREE, RESERVED, KEPT, TRACED, INSIGHTS, VPC, PRIVATE = (
    f"aws.lambda_settings.{name}"
    for name in (
        "variables_equal", "variables_contain", "variables_free_of", "concurrency_reserved", "failures_kept", "tracing_on",
        "insights_on", "in_vpc", "in_private_subnets",
    )
)  # fmt: skip
ORDERS = {"functions": ["orders"]}
DEBUG = ORDERS | {"values": {"LOG_LEVEL": "DEBUG"}}
HOST = ORDERS | {"parts": {"URL": "api.example.com"}}
WORDS = ORDERS | {"words": ["mock"]}
GONE = aws_error("ResourceNotFoundException", "Function not found: orders", 404)
NOT_THERE = {"lambda.get_function_configuration": GONE}
UNREAD = {"lambda.get_function_configuration": DENIED}
NETWORK = {"VpcId": "vpc-1", "SubnetIds": ["subnet-a"]}


def function(**fields: Any) -> dict[str, Any]:
    return {"lambda.get_function_configuration": fields, "lambda.get_function_event_invoke_config": GONE}


def variables(**values: str) -> dict[str, Any]:
    return function(Environment={"Variables": values})


def reserved(**fields: int) -> dict[str, Any]:
    return {"lambda.get_function_concurrency": fields}


def routes(gateway: str) -> dict[str, Any]:
    table = {"Associations": [{"SubnetId": "subnet-a"}], "Routes": [{"GatewayId": gateway}]}
    return function(VpcConfig=NETWORK) | {"ec2.describe_route_tables": {"RouteTables": [table]}}


LAYER = {"Arn": "arn:aws:lambda:us-east-1:580247275435:layer:LambdaInsightsExtension:53"}
FAILURE = {"DestinationConfig": {"OnFailure": {"Destination": "arn:queue"}}}
CASES = [
    Case("as wished", EQUAL, DEBUG, Status.PASSED, "LOG_LEVEL of function orders is as wished", variables(LOG_LEVEL="DEBUG")),
    Case("otherwise", EQUAL, DEBUG, Status.FAILED, "is not as wished", variables(LOG_LEVEL="INFO")),
    Case("absent", EQUAL, DEBUG, Status.FAILED, "is absent", function()),
    Case("nothing wished", EQUAL, ORDERS | {"values": {}}, Status.UNKNOWN, "nothing could be judged", function()),
    Case("not there", EQUAL, DEBUG, Status.FAILED, "not found", NOT_THERE),
    Case("denied", EQUAL, DEBUG, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("contains it", CONTAIN, HOST, Status.PASSED, "as wished", variables(URL="https://api.example.com/v1")),
    Case("another host", CONTAIN, HOST, Status.FAILED, "does not contain", variables(URL="https://mock.example.com/s3cr3t")),
    Case("denied", CONTAIN, HOST, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("free of it", FREE, WORDS, Status.PASSED, "None of the 1 variables", variables(URL="https://api.example.com")),
    Case("not free of it", FREE, WORDS, Status.FAILED, "URL (mock)", variables(URL="https://Mock.example.com/s3cr3t")),
    Case("no word", FREE, WORDS | {"words": []}, Status.UNKNOWN, "does not say", variables()),
    Case("not there", FREE, WORDS, Status.FAILED, "not found", NOT_THERE),
    Case("denied", FREE, WORDS, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("any number", RESERVED, ORDERS, Status.PASSED, "is 5", reserved(ReservedConcurrentExecutions=5)),
    Case("the number", RESERVED, ORDERS | {"executions": 5}, Status.PASSED, "is 5", reserved(ReservedConcurrentExecutions=5)),
    Case("another number", RESERVED, ORDERS | {"executions": 10}, Status.FAILED,
         "wanted 10", reserved(ReservedConcurrentExecutions=5)),
    Case("none", RESERVED, ORDERS, Status.FAILED, "has no reserved", reserved()),
    Case("switched off", RESERVED, ORDERS, Status.FAILED, "only 0", reserved(ReservedConcurrentExecutions=0)),
    Case("denied", RESERVED, ORDERS, Status.UNKNOWN, "AccessDenied", {"lambda.get_function_concurrency": DENIED}),
    Case("a queue", KEPT, ORDERS, Status.PASSED, "go to arn:queue", function(DeadLetterConfig={"TargetArn": "arn:queue"})),
    Case("a destination", KEPT, ORDERS, Status.PASSED,
         "go to arn:queue", function() | {"lambda.get_function_event_invoke_config": FAILURE}),
    Case("nothing", KEPT, ORDERS, Status.FAILED, "are lost", function()),
    Case("denied", KEPT, ORDERS, Status.UNKNOWN,
         "AccessDenied", function() | {"lambda.get_function_event_invoke_config": DENIED}),
    Case("traced", TRACED, ORDERS, Status.PASSED, "'Active'", function(TracingConfig={"Mode": "Active"})),
    Case("not traced", TRACED, ORDERS, Status.FAILED, "'PassThrough'", function(TracingConfig={"Mode": "PassThrough"})),
    Case("denied", TRACED, ORDERS, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("measured", INSIGHTS, ORDERS, Status.PASSED, "LambdaInsightsExtension:53", function(Layers=[LAYER])),
    Case("another layer", INSIGHTS, ORDERS, Status.FAILED,
         "no layer", function(Layers=[{"Arn": "arn:aws:lambda:x:layer:tools:1"}])),
    Case("denied", INSIGHTS, ORDERS, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("inside", VPC, ORDERS, Status.PASSED, "vpc-1", function(VpcConfig=NETWORK)),
    Case("inside another", VPC, ORDERS | {"vpc_id": "vpc-2"}, Status.FAILED, "wanted 'vpc-2'", function(VpcConfig=NETWORK)),
    Case("outside", VPC, ORDERS, Status.FAILED, "outside any", function(VpcConfig={"VpcId": ""})),
    Case("denied", VPC, ORDERS, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("private", PRIVATE, ORDERS, Status.PASSED, "no route", routes("local")),
    Case("public", PRIVATE, ORDERS, Status.FAILED, "igw-1", routes("igw-1")),
    Case("outside", PRIVATE, ORDERS, Status.FAILED, "no subnet", function()),
    Case("denied", PRIVATE, ORDERS, Status.UNKNOWN, "AccessDenied", routes("local") | {"ec2.describe_route_tables": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
    assert "s3cr3t" not in verdict.summary
