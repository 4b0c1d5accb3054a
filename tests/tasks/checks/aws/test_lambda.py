import json
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

CONFIGURED, ACTIVE, VARIABLES, ALLOWS, POSTS, INVOKE = (
    f"aws.lambda.{name}"
    for name in (
        "configured", "active", "environment_variables_set", "role_allows", "posts_to_connections_allowed", "invoke_permission",
    )
)  # fmt: skip
FUNCTION: dict[str, Any] = {
    "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:heartbeat",
    "Role": "arn:aws:iam::123456789012:role/heartbeat",
    "MemorySize": 128,
    "Timeout": 10,
    "State": "Active",
    "LastUpdateStatus": "Successful",
    "Environment": {"Variables": {"VERSION": "1.2.0", "TABLE": ""}},
}
GONE = aws_error("ResourceNotFoundException", "Function not found: heartbeat", 404)
WANTED = {"function": "heartbeat", "memory_mb": 128, "timeout_seconds": 10}
FUNCTIONS = {"functions": ["heartbeat"]}
TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/Sessions"
CONNECTIONS = "arn:aws:execute-api:us-east-1:123456789012:a1/prod/POST/@connections/any"
API: dict[str, Any] = {"apigatewayv2.get_apis": {"Items": [{"ApiId": "a1", "Name": "sessions"}]}}
NO_API: dict[str, Any] = {"apigatewayv2.get_apis": {"Items": []}}


def function(**changes: Any) -> dict[str, Any]:
    return {"lambda.get_function_configuration": FUNCTION | changes}


def role(*allowed: tuple[str, str], missing: tuple[str, ...] = ()) -> dict[str, Any]:
    """A role that may do these pairs of action and resource; ``missing`` are context keys that the simulation lacked."""

    def simulate(**asked: Any) -> dict[str, Any]:
        results = [
            {
                "EvalActionName": action,
                "EvalDecision": "allowed" if (action, resource) in allowed else "implicitDeny",
                "MissingContextValues": list(missing),
            }
            for action in asked["ActionNames"]
            for resource in asked["ResourceArns"]
        ]
        return {"EvaluationResults": results}

    return function() | {"iam.simulate_principal_policy": simulate}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return API | {"lambda.get_policy": {"Policy": json.dumps({"Statement": list(statements)})}}


def needs(*permissions: str) -> dict[str, Any]:
    return {"permissions": {"heartbeat": list(permissions)}}


GATEWAY = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "lambda:InvokeFunction"}
FROM_OURS = GATEWAY | {"Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:execute-api:us-east-1:123456789012:a1/*"}}}
FROM_OTHER = GATEWAY | {"Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:execute-api:us-east-1:123456789012:b2/*"}}}
OF_API = FUNCTIONS | {"api": "sessions"}
TO_CONNECTIONS = OF_API | {"stage": "prod"}
GETS = ("dynamodb:GetItem", TABLE)
UNREAD = {"lambda.get_function_configuration": DENIED}
SHORT = needs("dynamodb:GetItem table/Sessions")
BY_ACTION = needs("dynamodb:GetItem") | {"resources": {"dynamodb:GetItem": ["table/Sessions"]}}

CASES = [
    Case("as wished", CONFIGURED, WANTED, Status.PASSED, "128 MB", function()),
    Case("other memory", CONFIGURED, WANTED, Status.FAILED, "256 MB, wanted 128 MB", function(MemorySize=256)),
    Case("other timeout", CONFIGURED, WANTED, Status.FAILED, "3 s, wanted 10 s", function(Timeout=3)),
    Case("not there", CONFIGURED, WANTED, Status.FAILED, "not found", {"lambda.get_function_configuration": GONE}),
    Case("denied", CONFIGURED, WANTED, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("active", ACTIVE, FUNCTIONS, Status.PASSED, "'Successful'", function()),
    Case("still pending", ACTIVE, FUNCTIONS, Status.FAILED, "is Pending", function(State="Pending")),
    Case("its update failed", ACTIVE, FUNCTIONS, Status.FAILED, "'Failed', wanted", function(LastUpdateStatus="Failed")),
    Case("not there", ACTIVE, FUNCTIONS, Status.FAILED, "not found", {"lambda.get_function_configuration": GONE}),
    Case("none named", ACTIVE, {"functions": []}, Status.UNKNOWN, "nothing could be judged", function()),
    Case("denied", ACTIVE, FUNCTIONS, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("all set", VARIABLES, FUNCTIONS | {"variables": ["VERSION"]}, Status.PASSED, "has VERSION", function()),
    Case("one missing", VARIABLES, FUNCTIONS | {"variables": ["VERSION", "POOL"]}, Status.FAILED, "lacks POOL", function()),
    Case("one empty", VARIABLES, FUNCTIONS | {"variables": ["TABLE"]}, Status.FAILED, "lacks TABLE", function()),
    Case("one of its own missing", VARIABLES, FUNCTIONS | {"variables": [], "more": {"heartbeat": ["POOL"]}}, Status.FAILED,
         "lacks POOL", function()),
    Case("none asked for", VARIABLES, FUNCTIONS | {"variables": []}, Status.UNKNOWN, "does not say", function()),
    Case("no environment", VARIABLES, FUNCTIONS | {"variables": ["A"]}, Status.FAILED, "lacks A", function(Environment={})),
    Case("denied", VARIABLES, FUNCTIONS | {"variables": ["A"]}, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("allowed on the table", ALLOWS, SHORT, Status.PASSED, "allows dynamodb:GetItem", role(GETS)),
    Case("allowed on the action's table", ALLOWS, BY_ACTION, Status.PASSED, "allows dynamodb:GetItem", role(GETS)),
    Case("allowed on a whole ARN", ALLOWS, needs(f"dynamodb:GetItem {TABLE}"), Status.PASSED, "allows", role(GETS)),
    Case("allowed on the table only", ALLOWS, needs("dynamodb:GetItem"), Status.FAILED, "on * with implicitDeny", role(GETS)),
    Case("not allowed", ALLOWS, SHORT, Status.FAILED, "dynamodb:GetItem on table/Sessions with implicitDeny", role()),
    Case("cannot be simulated", ALLOWS, SHORT, Status.UNKNOWN, "without aws:SourceVpc", role(missing=("aws:SourceVpc",))),
    Case("no action named", ALLOWS, needs(), Status.UNKNOWN, "does not say", role()),
    Case("no function named", ALLOWS, {"permissions": {}}, Status.UNKNOWN, "nothing could be judged", role()),
    Case("function is not there", ALLOWS, SHORT, Status.FAILED, "not found", {"lambda.get_function_configuration": GONE}),
    Case("denied", ALLOWS, SHORT, Status.UNKNOWN, "AccessDenied", role() | {"iam.simulate_principal_policy": DENIED}),
    Case("allowed", POSTS, TO_CONNECTIONS, Status.PASSED,
         "allows execute-api", API | role(("execute-api:ManageConnections", CONNECTIONS))),
    Case("not allowed", POSTS, TO_CONNECTIONS, Status.FAILED, "implicitDeny", API | role()),
    Case("API is not there", POSTS, TO_CONNECTIONS, Status.FAILED, "no API named", NO_API | role()),
    Case("denied", POSTS, TO_CONNECTIONS, Status.UNKNOWN, "AccessDenied", API | UNREAD),
    Case("let in", INVOKE, FUNCTIONS, Status.PASSED, "lets apigateway.amazonaws.com", policy(GATEWAY)),
    Case("the very API let in", INVOKE, OF_API, Status.PASSED, "lets sessions", policy(FROM_OURS)),
    Case("only another API let in", INVOKE, OF_API, Status.FAILED, "does not let sessions", policy(FROM_OTHER)),
    Case("another service let in", INVOKE, FUNCTIONS, Status.FAILED,
         "does not let", policy(GATEWAY | {"Principal": {"Service": "s3.amazonaws.com"}})),
    Case("let in and forbidden", INVOKE, FUNCTIONS, Status.FAILED,
         "does not let", policy(GATEWAY, GATEWAY | {"Effect": "Deny"})),
    Case("no policy", INVOKE, FUNCTIONS, Status.FAILED, "has no policy", {"lambda.get_policy": GONE}),
    Case("policy is not JSON", INVOKE, FUNCTIONS, Status.UNKNOWN, "is not JSON", {"lambda.get_policy": {"Policy": "{"}}),
    Case("denied", INVOKE, FUNCTIONS, Status.UNKNOWN, "AccessDenied", {"lambda.get_policy": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
