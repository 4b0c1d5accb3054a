"""What the scripts know of an environment: its .env file, and the secrets kept for it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]


@cache
def variables(environment: str) -> dict[str, str]:
    """The names and values of the environment's .env file."""
    lines = (ROOT / f".env.{environment}").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def secret(environment: str, name: str) -> str:
    """A secret's value; it is shown nowhere."""
    import boto3

    found = boto3.client("secretsmanager").get_secret_value(SecretId=f"toombos/{environment}/{name}")
    return str(found["SecretString"])
