"""Attachments: PUT, GET and DELETE /files/{name}, each user's below their own prefix."""

from __future__ import annotations

import base64
import os
from typing import Any

from kalendlytic.answers import answer, body, caller, name
from kalendlytic.cloud import client, count

LARGEST = 5_000_000


def put(event: dict[str, Any], bucket: str, key: str) -> dict[str, Any]:
    content = base64.b64decode(body(event).get("content", ""))
    if not 0 < len(content) <= LARGEST:
        return answer(event, 400, {"message": f"A file has 1 to {LARGEST} bytes."})
    client("s3").put_object(Bucket=bucket, Key=key, Body=content)
    count("FilesStored")
    return answer(event, 201, {"bytes": len(content)})


def get(event: dict[str, Any], bucket: str, key: str) -> dict[str, Any]:
    try:
        content = client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    except client("s3").exceptions.NoSuchKey:
        return answer(event, 404, {"message": "There is no such file."})
    return answer(event, 200, {"content": base64.b64encode(content).decode()})


def delete(event: dict[str, Any], bucket: str, key: str) -> dict[str, Any]:
    client("s3").delete_object(Bucket=bucket, Key=key)
    return answer(event, 200, {})


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    owner = caller(event)
    if not owner:
        return answer(event, 401, {"message": "Sign in first."})
    step = {"PUT": put, "GET": get, "DELETE": delete}.get(event["httpMethod"])
    if step is None:
        return answer(event, 405, {"message": "No such method."})
    return step(event, os.environ["FILES_BUCKET"], f"{owner}/{name(event, 'name')}")
