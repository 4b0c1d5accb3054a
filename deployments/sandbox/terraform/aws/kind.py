"""What every kind of resource can do, and the clients it does it with."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Protocol

ACCOUNT = "123456789012"
REGION = "us-east-1"

Settings = dict[str, Any]
Clients = Callable[[str], Any]


class Kind(Protocol):
    """One kind. ``settings`` are as the configuration gives them; what it leaves out is not looked at."""

    def put(self, clients: Clients, name: str, settings: Settings) -> str:
        """Create it, or change it to these settings; where it is: an ARN, or an address."""

    def seen(self, clients: Clients, name: str, settings: Settings) -> Settings | None:
        """The settings as the account has them, in the shape of ``settings``; None when there is no such resource."""

    def remove(self, clients: Clients, name: str) -> None:
        """Remove it; one that is gone already is as it should be."""


@functools.cache
def client(service: str) -> Any:
    """A client to the account that the environment leads to."""
    import boto3
    from botocore.config import Config

    config = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2})
    return boto3.client(service, region_name=REGION, config=config)  # type: ignore[call-overload]


def arn(service: str, resource: str) -> str:
    """An ARN in the emulated account and region."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def pairs(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """Tags as most services take them."""
    return [{key: name, value: text} for name, text in sorted(tags.items())]


def mapping(tags: list[dict[str, str]], key: str = "Key", value: str = "Value") -> dict[str, str]:
    """Tags as configurations write them."""
    return {each[key]: each[value] for each in tags}


def code_of(error: Exception) -> str:
    """The code of an error that AWS answered."""
    return str(getattr(error, "response", {}).get("Error", {}).get("Code", ""))


def absent(error: Exception) -> bool:
    """Whether AWS answered that there is no such thing."""
    code = code_of(error)
    return code in {"404", "NotFoundException"} or any(
        word in code for word in ("NotFound", "NoSuch", "DoesNotExist", "Nonexistent")
    )


def found(read: Callable[[], Any]) -> Any:
    """What ``read`` answers; None when there is no such thing."""
    from botocore.exceptions import ClientError

    try:
        return read()
    except ClientError as error:
        if absent(error):
            return None
        raise


def removed(*steps: Callable[[], Any]) -> None:
    """Do each step; what is gone already needs none."""
    for step in steps:
        found(step)
