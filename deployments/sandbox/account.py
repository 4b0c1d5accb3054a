"""The emulated AWS account: its number, clients to it, and the CDK bootstrap stack."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import boto3
    from botocore.config import Config

ACCOUNT = "123456789012"
REGION = "us-east-1"
BOOTSTRAP_STACK = "CDKToolkit"
ASSETS_BUCKET = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
ASSETS_REPOSITORY = f"cdk-hnb659fds-container-assets-{ACCOUNT}-{REGION}"


@functools.cache
def session(key: str, secret: str) -> boto3.session.Session:
    """One session a world's credentials: it keeps the services' models, whose reading takes longer than a call."""
    import boto3

    return boto3.session.Session(aws_access_key_id=key, aws_secret_access_key=secret, region_name=REGION)


def client(service: str, environ: Mapping[str, str], config: Config | None = None) -> Any:
    """Open a boto3 client on the world that ``environ`` leads to, whatever this process's own environment says."""
    opened = session(environ["AWS_ACCESS_KEY_ID"], environ["AWS_SECRET_ACCESS_KEY"])
    return opened.client(service, endpoint_url=environ["AWS_ENDPOINT_URL"], config=config)  # type: ignore[call-overload]


def bootstrap(cloudformation: Any, *, bucket_exists: bool = False) -> None:
    """Create the stack that ``cdk bootstrap`` would; its bucket outlives it, as the real one does.

    ``bucket_exists`` when an earlier bootstrap left it: the new stack then does without owning it.
    """
    version = {"Name": "/cdk-bootstrap/hnb659fds/version", "Type": "String", "Value": "21"}
    repository = {"RepositoryName": ASSETS_REPOSITORY}
    resources: dict[str, Any] = {
        "CdkBootstrapVersion": {"Type": "AWS::SSM::Parameter", "Properties": version},
        "ContainerAssetsRepository": {"Type": "AWS::ECR::Repository", "Properties": repository},
    }
    if not bucket_exists:
        bucket = {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": {"BucketName": ASSETS_BUCKET}}
        resources["StagingBucket"] = bucket
    outputs = {"BucketName": {"Value": ASSETS_BUCKET}, "BootstrapVersion": {"Value": "21"}}
    template = json.dumps({"Resources": resources, "Outputs": outputs})
    cloudformation.create_stack(StackName=BOOTSTRAP_STACK, TemplateBody=template)
    created = cloudformation.get_waiter("stack_create_complete")
    created.wait(StackName=BOOTSTRAP_STACK, WaiterConfig={"Delay": 0.1, "MaxAttempts": 100})


def bootstrap_once(cloudformation: Any) -> None:
    """Create the CDK's own stack unless another system's filling of the account did."""
    stacks = cloudformation.describe_stacks()["Stacks"]
    if BOOTSTRAP_STACK not in {stack["StackName"] for stack in stacks}:
        bootstrap(cloudformation)
