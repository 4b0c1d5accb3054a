"""What the service's process reads of its world: ports, cluster objects, secrets. It lives beside the world and not in it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from aiohttp import ClientSession
from botocore.exceptions import ClientError

from deployments.sandbox import account


@cache
def _secrets_manager(port: int) -> Any:
    return boto3.client(
        "secretsmanager",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name=account.REGION,
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",  # noqa: S106 (the emulator's)
    )


def state(world: Path) -> dict[str, Any]:
    """world.json as it is now."""
    found: dict[str, Any] = json.loads((world / "world.json").read_text())
    return found


def secret(world: Path, name: str) -> str:
    """What a secret holds; empty when there is none."""
    client = _secrets_manager(state(world)["ports"]["emulator"])
    try:
        return str(client.get_secret_value(SecretId=name)["SecretString"])
    except ClientError:
        return ""


async def objects(client: ClientSession, world: Path, resource: str, namespace: str) -> list[dict[str, Any]]:
    """The cluster's objects of a resource, named by its path such as ``apis/apps/v1/deployments``."""
    group, _, plural = resource.rpartition("/")
    port = state(world)["ports"]["kubernetes"]
    async with client.get(f"http://127.0.0.1:{port}/{group}/namespaces/{namespace}/{plural}") as answer:
        found = await answer.json()
    return list(found.get("items", []))
