"""The secrets that GenNet's people have stored: the database's address, the signing key, Grafana's token."""

from __future__ import annotations

import json
import secrets
from typing import Any

from deployments.sandbox import account
from deployments.sandbox.world import World

from .naming import NAME, SUFFIXES

_ROTATION = f"arn:aws:lambda:{account.REGION}:{account.ACCOUNT}:function:{NAME}-rotation"
_ROTATED = ("database", "signing-key")


def fill(world: World, addresses: dict[str, str]) -> None:
    """Make them for every environment; ``addresses`` are those of the databases by suffix."""
    client = world.client("secretsmanager")
    for suffix in SUFFIXES:
        values = {
            "database": json.dumps({"url": addresses[suffix]}),
            "signing-key": secrets.token_urlsafe(36),
            "grafana": json.dumps({"token": secrets.token_urlsafe(24)}),
        }
        for name, value in values.items():
            client.create_secret(Name=full(suffix, name), SecretString=value)
        for name in _ROTATED:
            rotate(client, suffix, name)


def rotate(client: Any, suffix: str, name: str) -> None:
    """Let a secret be changed by itself every sixty days."""
    rules = {"AutomaticallyAfterDays": 60}
    client.rotate_secret(SecretId=full(suffix, name), RotationLambdaARN=_ROTATION, RotationRules=rules, RotateImmediately=False)


def full(suffix: str, name: str) -> str:
    """The whole name of a secret."""
    return f"{NAME}/{suffix}/{name}"
