"""Actions against the emulated account: noted, performed, settled, undone, and undone once more."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from deployments.sandbox.world import World
from tasks import evaluation
from tasks.connect.session import Session
from tasks.connect.settings import Settings
from tasks.core.registry import catalogue
from tasks.core.verdicts import Status
from tests.tasks.world import write

pytestmark = pytest.mark.sandbox

TABLE = {
    "Parameters": {"Name": {"Type": "String"}},
    "Resources": {
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TableName": {"Ref": "Name"},
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            },
        }
    },
}


@pytest.fixture
def session(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    for name, value in world.environ().items():
        monkeypatch.setenv(name, value)
    write(tmp_path, {"table.json": json.dumps(TABLE), "page.html": "<p>new</p>"})
    return Session(Settings(tmp_path, tmp_path, tmp_path, tmp_path, ""))


def there_and_back(name: str, arguments: Mapping[str, Any], session: Session) -> tuple[str, list[str]]:
    """What the action says, having been settled as it should before and after, and what its two undoings say."""
    action = catalogue()[name]
    noted = json.loads(json.dumps(evaluation.before(action, arguments, session)))
    early = evaluation.settle(action, arguments, session, noted)
    done = evaluation.perform(action, arguments, session)
    late = evaluation.settle(action, arguments, session, noted)
    undone = [evaluation.undo(action, arguments, session, noted) for _ in range(2)]

    assert (early, late, [each.status for each in undone]) == ("not done", "done", [Status.PASSED] * 2)
    return done.summary, [each.summary for each in undone]


def test_parameters(world: World, session: Session) -> None:
    ssm = world.client("ssm")
    ssm.put_parameter(Name="/shop/kept", Value="kept-value", Type="SecureString")
    done, undone = there_and_back("aws.ssm.initialise", {"names": ["/shop/kept", "/shop/new"]}, session)
    left = ssm.get_parameters(Names=["/shop/kept", "/shop/new"], WithDecryption=True)["Parameters"]

    assert (done, undone[0]) == ("Of 2 parameters: created /shop/new.", "Deleted /shop/new, which the release had created.")
    assert [(each["Name"], each["Value"]) for each in left] == [("/shop/kept", "kept-value")]


def test_secrets(world: World, session: Session) -> None:
    done, _ = there_and_back("aws.secretsmanager.initialise", {"names": ["shop/new"], "field": "token"}, session)

    assert done == "Of 1 secrets: created shop/new."
    assert world.client("secretsmanager").list_secrets()["SecretList"] == []


def test_a_stack_from_a_template(world: World, session: Session) -> None:
    arguments = {"stack": "shop", "template": "table.json", "version": "1.0.0", "parameters": {"Name": "orders"}}
    _, undone = there_and_back("aws.cloudformation.deploy_template", arguments, session)

    assert undone[0] == "Stack shop was not there before the release and has been deleted."
    assert "orders" not in world.client("dynamodb").list_tables()["TableNames"]


def test_a_stack_that_was_there(world: World, session: Session) -> None:
    arguments = {"stack": "shop", "template": "table.json", "version": "1.0.0", "parameters": {"Name": "orders"}}
    evaluation.perform(catalogue()["aws.cloudformation.deploy_template"], arguments, session)
    newer = {**arguments, "version": "1.1.0", "parameters": {}, "tags": {"Team": "shop"}}
    done, undone = there_and_back("aws.cloudformation.deploy_template", newer, session)
    (stack,) = world.client("cloudformation").describe_stacks(StackName="shop")["Stacks"]

    assert (done, undone[1]) == (
        "Stack shop is UPDATE_COMPLETE at version 1.1.0.",
        "Stack shop is as it was before the release; nothing had to be undone.",
    )
    assert {each["Key"]: each["Value"] for each in stack["Tags"]} == {"Version": "1.0.0"}


def test_backups_of_tables(world: World, session: Session) -> None:
    world.client("dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    done, _ = there_and_back("aws.dynamodb.create_backup", {"tables": ["orders"], "name": "before-2"}, session)

    assert done == "Backup before-2 of orders is AVAILABLE."
    assert len(world.client("dynamodb").list_backups(TableName="orders")["BackupSummaries"]) == 1


def test_a_file_in_a_versioned_bucket(world: World, session: Session) -> None:
    s3 = world.client("s3")
    s3.create_bucket(Bucket="pages")
    s3.put_bucket_versioning(Bucket="pages", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="pages", Key="index.html", Body=b"<p>old</p>")
    there_and_back("aws.s3.put_file", {"bucket": "pages", "key": "index.html", "path": "page.html"}, session)

    assert s3.get_object(Bucket="pages", Key="index.html")["Body"].read() == b"<p>old</p>"


def test_a_new_file(world: World, session: Session) -> None:
    s3 = world.client("s3")
    s3.create_bucket(Bucket="pages")
    there_and_back("aws.s3.put_file", {"bucket": "pages", "key": "new.html", "path": "page.html"}, session)

    assert s3.list_objects_v2(Bucket="pages").get("Contents", []) == []


def test_an_alias(world: World, session: Session) -> None:
    functions = world.client("lambda")
    _function(world, "start")
    there_and_back("aws.lambda.publish_alias", {"functions": ["start"], "alias": "live"}, session)

    assert functions.list_aliases(FunctionName="start")["Aliases"] == []


def test_a_workflow_brought_to_rest(world: World, session: Session) -> None:
    _function(world, "start")
    events = world.client("events")
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)", State="ENABLED")
    arguments = {"rules": ["nightly"], "functions": ["start"]}
    done, _ = there_and_back("aws.stepfunctions.stop_new_executions", arguments, session)

    assert done == "Nothing is started any more by nightly, start."
    assert events.describe_rule(Name="nightly")["State"] == "ENABLED"


def test_a_snapshot_of_a_database(world: World, session: Session) -> None:
    rds = world.client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="shop",
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="shop",
        MasterUserPassword="not-a-real-password-1",
    )
    done, _ = there_and_back("aws.rds.create_snapshot", {"instance": "shop", "snapshot": "shop-before-2"}, session)

    assert done == "Snapshot shop-before-2 of shop is available."


def test_what_runs_is_let_complete(world: World, session: Session) -> None:
    workflows = world.client("stepfunctions")
    role = world.client("iam").create_role(RoleName="workflow-role", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    definition = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 2, "End": True}}}
    arn = workflows.create_state_machine(name="workflow", definition=json.dumps(definition), roleArn=role)["stateMachineArn"]
    started = workflows.start_execution(stateMachineArn=arn)["executionArn"]
    done = evaluation.perform(catalogue()["aws.stepfunctions.let_complete"], {"machine": "workflow"}, session)

    assert done.summary == "No execution of workflow is running; 1 ran when the waiting began."
    assert workflows.describe_execution(executionArn=started)["status"] == "SUCCEEDED"


def _function(world: World, name: str) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("app.py", "def handler(event, context):\n    return event\n")
    role = world.client("iam").create_role(RoleName=f"{name}-role", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    world.client("lambda").create_function(
        FunctionName=name, Runtime="python3.12", Role=role, Handler="app.handler", Code={"ZipFile": content.getvalue()}
    )
