"""The AWS services that the handlers use, opened when first needed and kept for the life of the process."""

from __future__ import annotations

import functools
import json
import os
import urllib.request
from typing import Any


@functools.cache
def session() -> Any:
    import boto3

    return boto3.Session()


@functools.cache
def table(setting: str) -> Any:
    return session().resource("dynamodb").Table(os.environ[setting])


@functools.cache
def functions() -> Any:
    return session().client("lambda")


def management_endpoint(context: dict[str, Any]) -> str:
    """Where messages to a connection are posted: the API's own domain, or the SDK's endpoint setting."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        return f"{endpoint}/_aws/execute-api/{context['apiId']}/{context['stage']}"
    return f"https://{context['domainName']}/{context['stage']}"


@functools.cache
def management(endpoint: str) -> Any:
    return session().client("apigatewaymanagementapi", endpoint_url=endpoint)


def post(context: dict[str, Any], connection: str, message: dict[str, Any]) -> None:
    client = management(management_endpoint(context))
    client.post_to_connection(ConnectionId=connection, Data=json.dumps(message).encode())


@functools.cache
def signing_keys(pool: str) -> dict[str, dict[str, str]]:
    """Fetch the public keys of a Cognito user pool, by key id."""
    region = os.environ["REGION"]
    base = os.environ.get("AWS_ENDPOINT_URL") or f"https://cognito-idp.{region}.amazonaws.com"
    with urllib.request.urlopen(f"{base}/{pool}/.well-known/jwks.json", timeout=5) as answer:
        return {key["kid"]: key for key in json.load(answer)["keys"]}
