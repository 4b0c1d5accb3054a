"""Stand-ins for the AWS services: tables that are dictionaries, a mailbox of posted messages."""

from __future__ import annotations

import os
import unittest
from collections.abc import Callable
from typing import Any
from unittest import mock

from sessions import cloud

SETTINGS = {"REGION": "us-east-1", "USER_POOL_ID": "pool", "CLIENT_ID": "client"}


class Table:
    """A table with one key, and of UpdateItem only what the handlers use: SET a = :x, … and ADD a :x."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.items: dict[str, dict[str, Any]] = {}

    def put_item(self, Item: dict[str, Any]) -> None:
        self.items[Item[self.key]] = Item

    def get_item(self, Key: dict[str, str]) -> dict[str, Any]:
        item = self.items.get(Key[self.key])
        return {"Item": item} if item else {}

    def delete_item(self, Key: dict[str, str], ReturnValues: str) -> dict[str, Any]:
        item = self.items.pop(Key[self.key], None)
        return {"Attributes": item} if item else {}

    def update_item(self, Key: dict[str, str], UpdateExpression: str, **options: Any) -> dict[str, Any]:
        item = self.items.setdefault(Key[self.key], dict(Key))
        values, names = options["ExpressionAttributeValues"], options.get("ExpressionAttributeNames", {})
        before, _, assignments = UpdateExpression.partition("SET ")
        if before:
            _, name, value = before.split()
            item[name] = item.get(name, 0) + values[value]
        for assignment in assignments.split(", "):
            name, value = assignment.split(" = ")
            item[names.get(name, name)] = values[value]
        return {"Attributes": item}

    def query(self, IndexName: str, ExpressionAttributeValues: dict[str, str], **_: str) -> dict[str, Any]:
        wanted = ExpressionAttributeValues[":session"]
        found = [item for item in self.items.values() if item["sessionId"] == wanted and "targetLanguage" in item]
        return {"Items": found}


class Case(unittest.TestCase):
    """A test with empty tables and nothing posted yet."""

    def setUp(self) -> None:
        self.sessions = Table("sessionId")
        self.connections = Table("connectionId")
        self.rate_limits = Table("identifier")
        self.posted: list[tuple[str, dict[str, Any]]] = []
        tables = {
            "SESSIONS_TABLE": self.sessions,
            "CONNECTIONS_TABLE": self.connections,
            "RATE_LIMITS_TABLE": self.rate_limits,
        }
        self.replace(cloud, "table", tables.__getitem__)
        self.replace(cloud, "post", lambda _context, connection, message: self.posted.append((connection, message)))
        settings = mock.patch.dict(os.environ, SETTINGS)
        settings.start()
        self.addCleanup(settings.stop)

    def replace(self, module: Any, name: str, stand_in: Callable[..., Any]) -> None:
        patch = mock.patch.object(module, name, stand_in)
        patch.start()
        self.addCleanup(patch.stop)


def event(connection: str, **more: Any) -> dict[str, Any]:
    context = {"connectionId": connection, "apiId": "api", "stage": "prod", "domainName": "example.com"}
    return {"requestContext": {**context, **more.pop("context", {})}, **more}
