"""Secrets that people store by hand: keys that others give out. The team's script makes the rest."""

from __future__ import annotations

import json
import secrets
from typing import Any

from deployments.sandbox import account
from deployments.sandbox.world import World

from . import project
from .naming import GIVEN_OUT, NAME, OWN_KEYS, SUFFIXES

MADE = ("jwt-secret", "api-key-encryption", "content-generator-api-key", "webhook-crm", "webhook-platform")
_ROTATION = f"arn:aws:lambda:{account.REGION}:{account.ACCOUNT}:function:{NAME}-rotation"


def fill(world: World) -> None:
    """Keys of others, and the secrets that an earlier release's script made, two of which change by themselves."""
    client = world.client("secretsmanager")
    for suffix in SUFFIXES:
        for name in (*GIVEN_OUT, *OWN_KEYS, *MADE):
            client.create_secret(Name=full(suffix, name), SecretString=secrets.token_urlsafe(36))
        service_account = {
            "client_email": f"{NAME}-{suffix}@halcytone.iam.gserviceaccount.com",
            "private_key": secrets.token_urlsafe(48),
        }
        client.create_secret(Name=full(suffix, "google-service-account"), SecretString=json.dumps(service_account))
        for name, variable in (("database-url", "DATABASE_URL"), ("redis-url", "REDIS_URL")):
            client.create_secret(Name=full(suffix, name), SecretString=project.setting(world, suffix, variable))
        for name in ("jwt-secret", "content-generator-api-key"):
            rotate(client, suffix, name)


def rotate(client: Any, suffix: str, name: str) -> None:
    """Let a secret change by itself every ninety days."""
    rules = {"AutomaticallyAfterDays": 90}
    client.rotate_secret(SecretId=full(suffix, name), RotationLambdaARN=_ROTATION, RotationRules=rules, RotateImmediately=False)


def renew(client: Any, suffix: str, name: str) -> None:
    """Give a secret another value that nobody typed."""
    client.put_secret_value(SecretId=full(suffix, name), SecretString=secrets.token_urlsafe(36))


def full(suffix: str, name: str) -> str:
    """The whole name of a secret."""
    return f"{NAME}/{suffix}/{name}"


def value(world: World, suffix: str, name: str) -> str:
    """What a secret holds now."""
    return str(world.client("secretsmanager").get_secret_value(SecretId=full(suffix, name))["SecretString"])
