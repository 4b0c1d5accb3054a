import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import botocore.session
import pytest
from botocore import exceptions as sdk
from botocore import xform_name
from botocore.parsers import ResponseParserError

from tasks.connect.aws import Aws, AwsWriter
from tasks.connect.aws_clients import Clients
from tasks.connect.aws_errors import translated
from tasks.connect.aws_reads import guarded, is_read
from tasks.core.answers import answer
from tasks.core.errors import Absent, Denied, EvidenceError, GatesError, Malformed, ReadOnly, Throttled, Unreachable
from tasks.core.redaction import redact
from tasks.core.sample import Sample, Trail
from tests.tasks.world import FakeClients, aws_error

CHANGES = (
    "add", "allocate", "assign", "associate", "attach", "authorize", "cancel", "copy", "create", "delete", "deploy",
    "deregister", "detach", "detect", "disable", "disassociate", "enable", "execute", "generate", "import", "increase",
    "initiate", "invoke", "issue", "modify", "post", "publish", "purge", "put", "reboot", "register", "remove", "replace",
    "request", "reset", "restore", "resume", "revoke", "rotate", "run", "send", "set", "start", "stop", "submit",
    "suspend", "tag", "terminate", "transact", "untag", "update", "upload", "write",
)  # fmt: skip


def operations() -> Iterator[tuple[str, str, str]]:
    """Every operation that this version of the SDK knows: service, name in snake case, HTTP method."""
    session = botocore.session.get_session()
    for service in session.get_available_services():
        model = session.get_service_model(service)
        for name in model.operation_names:
            yield service, xform_name(name), model.operation_model(name).http["method"]


def test_no_operation_of_any_service_that_changes_something_passes_the_read_door() -> None:
    every = list(operations())
    passing = [(service, name) for service, name, _method in every if is_read(service, name)]
    changing = [
        (service, name)
        for service, name, method in every
        if is_read(service, name) and (name.split("_")[0] in CHANGES or method in ("PUT", "DELETE", "PATCH"))
    ]

    assert changing == []
    assert 0 < len(passing) < len(every)


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("sts", "get_session_token"),
        ("sts", "get_federation_token"),
        ("sts", "assume_role"),
        ("cognito-identity", "get_id"),
        ("cognito-identity", "get_credentials_for_identity"),
        ("cognito-identity", "get_open_id_token_for_developer_identity"),
        ("cognito-idp", "get_tokens_from_refresh_token"),
        ("cognito-idp", "get_user_attribute_verification_code"),
        ("cognito-idp", "admin_initiate_auth"),
        ("ecr", "get_authorization_token"),
        ("ec2", "get_password_data"),
        ("redshift", "get_cluster_credentials_with_iam"),
        ("sso", "get_role_credentials"),
        ("quicksight", "get_dashboard_embed_url"),
        ("lightsail", "get_bucket_access_keys"),
        ("sqs", "receive_message"),
        ("stepfunctions", "get_activity_task"),
        ("codepipeline", "get_job_details"),
        ("s3control", "get_data_access"),
        ("gamelift", "get_compute_access"),
        ("kms", "get_parameters_for_import"),
        ("ecr", "get_download_url_for_layer"),
        ("lambda", "get_function"),
        ("lambda", "get_layer_version_by_arn"),
        ("ec2", "get_vpn_connection_device_sample_configuration"),
        ("athena", "get_session_endpoint"),
        ("ivs", "get_stream_key"),
        ("lambda", "invoke"),
        ("dynamodb", "get_waiter"),
        ("dynamodb", "get_paginator"),
        ("dynamodb", "generate_presigned_url"),
    ],
)
def test_what_hands_out_access_or_is_no_operation_does_not_pass(service: str, operation: str) -> None:
    aws = Aws(Clients(), Trail(Sample()))

    with pytest.raises(ReadOnly, match=f"A check may not call {service} {operation}"):
        getattr(getattr(aws, service), operation)


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("cloudformation", "describe_stacks"),
        ("cognito-idp", "admin_get_user"),
        ("dynamodb", "query"),
        ("iam", "simulate_principal_policy"),
        ("logs", "filter_log_events"),
        ("s3", "head_bucket"),
        ("sqs", "get_queue_url"),
        ("lambda", "get_function_configuration"),
        ("lambda", "get_function_concurrency"),
        ("s3", "get_bucket_location"),
        ("stepfunctions", "describe_state_machine"),
        ("kms", "get_key_rotation_status"),
    ],
)
def test_reads_pass(service: str, operation: str) -> None:
    assert is_read(service, operation)


@dataclass
class Tables:
    """Answers DynamoDB's ListTables over HTTP, two names a page, to the real SDK."""

    asked: list[dict[str, Any]] = field(default_factory=list)
    names: tuple[str, ...] = ("first", "second", "third", "fourth", "fifth")

    def page(self, request: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(request)
        start = self.names.index(request["ExclusiveStartTableName"]) + 1 if "ExclusiveStartTableName" in request else 0
        shown = self.names[start : start + 2]
        more = {"LastEvaluatedTableName": shown[-1]} if start + 2 < len(self.names) else {}
        return {"TableNames": list(shown)} | more


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tables]:
    served = Tables()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(served.page(request)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    _point_the_sdk(monkeypatch, f"http://127.0.0.1:{server.server_port}")
    yield served
    server.shutdown()
    server.server_close()


def _named(error: Exception) -> str:
    return str(error.response["Error"]["Code"]) if isinstance(error, sdk.ClientError) else type(error).__name__


def _point_the_sdk(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    settings = {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
    }
    for name, value in (settings | {"AWS_DEFAULT_REGION": "us-east-1"}).items():
        monkeypatch.setenv(name, value)


def test_pages_are_followed_and_metadata_is_dropped(tables: Tables) -> None:
    seen = Aws(Clients(), Trail(Sample())).dynamodb.list_tables()

    assert (seen, len(tables.asked)) == ({"TableNames": list(tables.names)}, 3)


def test_twenty_threads_ask_once(tables: Tables) -> None:
    sample, clients = Sample(), Clients()
    trails = [Trail(sample) for _ in range(20)]
    with ThreadPoolExecutor(20) as pool:
        seen = list(pool.map(lambda trail: Aws(clients, trail).dynamodb.list_tables(), trails))

    assert [each["TableNames"] for each in seen] == [list(tables.names)] * 20
    assert (len(tables.asked), len(sample.readings)) == (3, 1)
    assert [len(trail.readings) for trail in trails] == [1] * 20


def test_a_new_sample_asks_again(tables: Tables) -> None:
    clients = Clients()
    for _ in range(2):
        Aws(clients, Trail(Sample())).dynamodb.list_tables()

    assert len(tables.asked) == 6


def test_other_parameters_are_another_question(tables: Tables) -> None:
    aws = Aws(Clients(), Trail(Sample()))
    aws.dynamodb.list_tables()
    aws.dynamodb.list_tables(ExclusiveStartTableName="fourth")

    assert tables.asked[-1] == {"ExclusiveStartTableName": "fourth"}


def test_nobody_there_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    _point_the_sdk(monkeypatch, "http://127.0.0.1:1")
    monkeypatch.setattr("time.sleep", lambda _seconds: None)

    with pytest.raises(Unreachable, match="AWS dynamodb list_tables was not reached"):
        Aws(Clients(), Trail(Sample())).dynamodb.list_tables()


def test_no_region_is_denied(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))

    with pytest.raises(Denied, match="set AWS_DEFAULT_REGION"):
        _ = Aws(Clients(), Trail(Sample())).region


def test_the_region_is_kept_as_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    _point_the_sdk(monkeypatch, "http://127.0.0.1:1")
    trail = Trail(Sample())

    assert Aws(Clients(), trail).region == "us-east-1"
    assert [(reading.question, reading.answer) for reading in trail.readings] == [("region", "us-east-1")]


def test_what_a_check_asks_wrongly_cannot_be_learnt(tables: Tables) -> None:
    aws = Aws(Clients(), Trail(Sample()))

    with pytest.raises(EvidenceError, match="was asked wrongly"):
        aws.dynamodb.describe_table()
    with pytest.raises(EvidenceError, match="has no operation describe_chairs"):
        aws.dynamodb.describe_chairs()
    with pytest.raises(EvidenceError, match="chairs"):
        aws.chairs.describe_chairs()
    assert tables.asked == []


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (aws_error("AccessDenied"), Denied),
        (aws_error("AccessDeniedException"), Denied),
        (aws_error("ExpiredTokenException"), Denied),
        (aws_error("UnrecognizedClientException"), Denied),
        (sdk.NoCredentialsError(), Denied),
        (sdk.ProfileNotFound(profile="release"), Denied),
        (sdk.NoRegionError(), Denied),
        (aws_error("ThrottlingException"), Throttled),
        (aws_error("TooManyRequestsException"), Throttled),
        (aws_error("ProvisionedThroughputExceededException"), Throttled),
        (aws_error("ResourceNotFoundException"), Absent),
        (aws_error("NoSuchEntity"), Absent),
        (aws_error("NoSuchLifecycleConfiguration"), Absent),
        (aws_error("ServerSideEncryptionConfigurationNotFoundError"), Absent),
        (aws_error("ParameterNotFound"), Absent),
        (aws_error("DBInstanceNotFound"), Absent),
        (aws_error("InvalidVpcID.NotFound"), Absent),
        (aws_error("DBInstanceNotFoundFault"), Absent),
        (aws_error("ResourceNotFound"), Absent),
        (aws_error("NotFoundException"), Absent),
        (aws_error("404", "<!doctype html> Not Found", 404), EvidenceError),
        (aws_error("ValidationError", "Stack with id x does not exist"), Absent),
        (aws_error("ValidationError", "Value is too long"), EvidenceError),
        (aws_error("InternalFailure", status=500), Unreachable),
        (aws_error("ServiceUnavailable", status=503), Unreachable),
        (aws_error("SomethingNew", status=400), EvidenceError),
        (sdk.EndpointConnectionError(endpoint_url="https://x"), Unreachable),
        (sdk.ReadTimeoutError(endpoint_url="https://x"), Unreachable),
        (sdk.SSLError(endpoint_url="https://x", error="bad certificate"), Unreachable),
        (sdk.ParamValidationError(report="missing"), EvidenceError),
        (sdk.UnknownServiceError(service_name="x", known_service_names="y"), EvidenceError),
        (sdk.DataNotFoundError(data_path="x"), Malformed),
        (ResponseParserError("invalid XML received"), Malformed),
        (ValueError("could not convert string to float"), Malformed),
        (AttributeError("no such method"), EvidenceError),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else _named(value),
)
def test_an_error_of_the_sdk_becomes(error: Exception, expected: type[GatesError]) -> None:
    def ask() -> None:
        raise error

    with pytest.raises(GatesError) as told:
        translated("dynamodb", "describe_table", ask)

    assert type(told.value) is expected
    assert "dynamodb" in str(told.value)
    assert str(told.value).endswith(".")


def test_only_a_head_takes_a_bare_404_for_an_answer_of_aws() -> None:
    page = aws_error("404", "Not Found", 404)
    aws = Aws(FakeClients({"s3.head_bucket": page, "cloudformation.describe_stacks": page}), Trail(Sample()))

    assert aws.s3.head_bucket.or_none(Bucket="x") is None
    with pytest.raises(EvidenceError):
        aws.cloudformation.describe_stacks.or_none(StackName="x")


def test_or_none_answers_none_for_what_is_not_there_and_nothing_else() -> None:
    world = {"dynamodb.describe_table": aws_error("ResourceNotFoundException"), "sqs.list_queues": aws_error("AccessDenied")}
    aws = Aws(FakeClients(world), Trail(Sample()))

    assert aws.dynamodb.describe_table.or_none(TableName="x") is None
    with pytest.raises(Denied):
        aws.sqs.list_queues.or_none()


def test_a_door_on_another_region_asks_there_and_remembers_it_apart() -> None:
    asked: list[str | None] = []

    class Regions(FakeClients):
        def _make(self, service: str, region: str | None) -> Any:
            asked.append(region)
            return super()._make(service, region)

    aws = Aws(Regions({"cloudformation.list_stacks": {"StackSummaries": []}}), Trail(Sample()))
    for door in (aws, aws.in_region("eu-west-1"), aws.in_region(""), aws.in_region("eu-west-1")):
        door.cloudformation.list_stacks()

    assert asked == [None, "eu-west-1"]
    assert aws.in_region("eu-west-1").region == "eu-west-1"


def test_names_with_underscores_are_the_sdks_names() -> None:
    world = {"lambda.list_functions": {"Functions": []}, "cognito-idp.list_user_pools": {"UserPools": []}}
    aws = Aws(FakeClients(world), Trail(Sample()))

    assert aws.lambda_.list_functions() == {"Functions": []}
    assert aws.cognito_idp.list_user_pools() == {"UserPools": []}


@pytest.mark.parametrize("door", [Aws(Clients(), Trail(Sample())), AwsWriter(Clients())], ids=["read door", "write door"])
def test_a_door_pretends_no_dunder(door: Any) -> None:
    assert not hasattr(door, "__wrapped__")
    assert not hasattr(door.dynamodb, "__wrapped__")


def test_the_write_door_lets_everything_pass_and_remembers_nothing() -> None:
    asked: list[dict[str, Any]] = []

    def delete(**parameters: Any) -> dict[str, Any]:
        asked.append(parameters)
        return {}

    aws = AwsWriter(FakeClients({"dynamodb.delete_table": delete}))
    for _ in range(2):
        aws.dynamodb.delete_table(TableName="x")

    assert asked == [{"TableName": "x"}] * 2


@pytest.mark.parametrize(
    ("question", "answered", "secret"),
    [
        ("secretsmanager.get_secret_value", {"SecretString": "plain-secret-1"}, "plain-secret-1"),
        ("secretsmanager.get_secret_value", {"SecretString": '{"who": "x", "pin": "inner-secret-2"}'}, "inner-secret-2"),
        ("secretsmanager.batch_get_secret_value", {"SecretValues": [{"SecretString": "batch-secret-3"}]}, "batch-secret-3"),
        ("ssm.get_parameter", {"Parameter": {"Type": "SecureString", "Value": "secure-secret-4"}}, "secure-secret-4"),
        ("ssm.get_parameters", {"Parameters": [{"Type": "SecureString", "Value": "secure-secret-5"}]}, "secure-secret-5"),
        ("apigateway.get_api_key", {"id": "k1", "value": "key-value-6"}, "key-value-6"),
        ("apigateway.get_api_keys", {"items": [{"id": "k1", "value": "key-value-7"}]}, "key-value-7"),
    ],
    ids=[
        "secret",
        "field of a secret",
        "secrets in a batch",
        "secure parameter",
        "secure parameters",
        "API key",
        "API keys",
    ],
)
def test_a_secret_that_was_read_is_hidden_everywhere(question: str, answered: dict[str, Any], secret: str) -> None:
    trail = Trail(Sample())
    service, operation = question.split(".")
    getattr(getattr(Aws(FakeClients({question: answered}), trail), service), operation)()

    assert secret not in json.dumps([reading.as_evidence() for reading in trail.readings])
    assert redact(f"it is {secret}!") == "it is [hidden]!"


def test_a_plain_parameter_is_no_secret() -> None:
    guarded("ssm", "get_parameter", answer({"Parameter": {"Type": "String", "Value": "plain-value-6"}}))

    assert redact("plain-value-6") == "plain-value-6"


def test_the_values_of_a_functions_variables_are_judged_and_never_shown() -> None:
    trail = Trail(Sample())
    world = {"lambda.list_functions": {"Functions": [{"Environment": {"Variables": {"MODE": "some-value", "EMPTY": ""}}}]}}
    seen = Aws(FakeClients(world), trail).lambda_.list_functions()
    shown = trail.readings[0].as_evidence()["answer"]

    assert seen["Functions"][0]["Environment"]["Variables"]["MODE"] == "some-value"
    assert shown["Functions"][0]["Environment"]["Variables"] == {"MODE": "[hidden]", "EMPTY": ""}


def test_all_checks_of_a_sample_count_from_the_same_moment() -> None:
    sample = Sample()

    assert Aws(Clients(), Trail(sample)).now == Aws(Clients(), Trail(sample)).now == sample.started


def test_a_short_secure_parameter_is_not_in_evidence_and_a_plain_one_is() -> None:
    parameters = [{"Name": "a", "Type": "SecureString", "Value": "xy"}, {"Name": "b", "Type": "String", "Value": "zz"}]
    trail = Trail(Sample())
    found = Aws(FakeClients({"ssm.get_parameters": {"Parameters": parameters}}), trail).ssm.get_parameters(Names=["a", "b"])

    assert [each["Value"] for each in found["Parameters"]] == ["xy", "zz"]
    assert [each["Value"] for each in trail.readings[0].as_evidence()["answer"]["Parameters"]] == ["[hidden]", "zz"]
