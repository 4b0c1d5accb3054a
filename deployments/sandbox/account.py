"""What the emulated AWS account holds before the first release: user pools, app clients, the CDK bootstrap stack."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import boto3
    from botocore.config import Config

ACCOUNT = "123456789012"
REGION = "us-east-1"
SUFFIXES = ("dev", "staging", "prod")
BOOTSTRAP_STACK = "CDKToolkit"
ASSETS_BUCKET = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
AUTH_FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


@dataclass(frozen=True)
class Identity:
    """The Cognito user pool and app client of one environment, by id."""

    user_pool: str
    client: str


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
    resources: dict[str, Any] = {"CdkBootstrapVersion": {"Type": "AWS::SSM::Parameter", "Properties": version}}
    if not bucket_exists:
        bucket = {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": {"BucketName": ASSETS_BUCKET}}
        resources["StagingBucket"] = bucket
    outputs = {"BucketName": {"Value": ASSETS_BUCKET}, "BootstrapVersion": {"Value": "21"}}
    template = json.dumps({"Resources": resources, "Outputs": outputs})
    cloudformation.create_stack(StackName=BOOTSTRAP_STACK, TemplateBody=template)
    created = cloudformation.get_waiter("stack_create_complete")
    created.wait(StackName=BOOTSTRAP_STACK, WaiterConfig={"Delay": 0.1, "MaxAttempts": 100})


def create_app_client(cognito: Any, user_pool: str, suffix: str) -> str:
    """Create the app client of an environment's user pool; return its id."""
    answer = cognito.create_user_pool_client(
        UserPoolId=user_pool, ClientName=f"session-management-client-{suffix}", ExplicitAuthFlows=AUTH_FLOWS
    )
    return str(answer["UserPoolClient"]["ClientId"])


def create_identity(cognito: Any, suffix: str) -> Identity:
    """Create the user pool of an environment and its app client."""
    pool = cognito.create_user_pool(PoolName=f"session-management-users-{suffix}")["UserPool"]["Id"]
    return Identity(pool, create_app_client(cognito, pool, suffix))
