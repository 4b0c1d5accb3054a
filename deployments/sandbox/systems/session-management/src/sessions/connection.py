"""$connect: open a session for a speaker, or join a listener to one.

API Gateway delivers nothing to a connection before $connect has answered, so the first message is sent by a second,
asynchronous invocation of this same function.
"""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

from sessions import cloud

SESSION_SECONDS = 12 * 3600
CONNECTION_SECONDS = 3 * 3600
CONNECTIONS_A_MINUTE = 100
GREETING_ATTEMPTS = 20


def too_many(principal: str, now: int) -> bool:
    answer = cloud.table("RATE_LIMITS_TABLE").update_item(
        Key={"identifier": f"{principal}#{now // 60}"},
        UpdateExpression="ADD attempts :one SET expiresAt = :until",
        ExpressionAttributeValues={":one": 1, ":until": now + 3600},
        ReturnValues="UPDATED_NEW",
    )
    return int(answer["Attributes"]["attempts"]) > CONNECTIONS_A_MINUTE


def open_session(connection: str, principal: str, language: str, now: int) -> str:
    session = f"session-{uuid.uuid4().hex[:12]}"
    cloud.table("SESSIONS_TABLE").put_item(
        Item={
            "sessionId": session,
            "speakerConnectionId": connection,
            "speaker": principal,
            "sourceLanguage": language,
            "status": "active",
            "createdAt": now,
            "expiresAt": now + SESSION_SECONDS,
        }
    )
    return session


def session_is_open(session: str) -> bool:
    item = cloud.table("SESSIONS_TABLE").get_item(Key={"sessionId": session}).get("Item")
    return item is not None and item["status"] == "active"


def remember(connection: str, session: str, role: str, now: int, **more: str) -> None:
    cloud.table("CONNECTIONS_TABLE").put_item(
        Item={
            "connectionId": connection,
            "sessionId": session,
            "role": role,
            "connectedAt": now,
            "ttl": now + CONNECTION_SECONDS,
            **more,
        }
    )


def greet_later(function: str, context: dict[str, Any], message: dict[str, Any]) -> None:
    target = {key: context[key] for key in ("apiId", "stage", "domainName", "connectionId")}
    payload = json.dumps({"greet": target, "message": message}).encode()
    cloud.functions().invoke(FunctionName=function, InvocationType="Event", Payload=payload)


def greet(context: dict[str, Any], message: dict[str, Any]) -> None:
    """Post the first message, waiting for the connection to come up."""
    for attempt in range(GREETING_ATTEMPTS):
        try:
            return cloud.post(context, context["connectionId"], message)
        except Exception as error:
            if "Gone" not in type(error).__name__ or attempt == GREETING_ATTEMPTS - 1:
                raise
            time.sleep(0.1)


def connect(wanted: dict[str, str], connection: str, principal: str, now: int) -> tuple[int, dict[str, Any]]:
    """Answer the status of the handshake and the first message."""
    if too_many(principal, now):
        return 429, {}
    role = wanted.get("role")
    if role == "speaker" and wanted.get("sourceLanguage"):
        session = open_session(connection, principal, wanted["sourceLanguage"], now)
        remember(connection, session, role, now)
        return 200, {"type": "sessionCreated", "sessionId": session}
    if role == "listener" and wanted.get("sessionId") and wanted.get("targetLanguage"):
        session = wanted["sessionId"]
        if not session_is_open(session):
            return 404, {}
        remember(connection, session, role, now, targetLanguage=wanted["targetLanguage"])
        return 200, {"type": "sessionJoined", "sessionId": session, "targetLanguage": wanted["targetLanguage"]}
    return 400, {}


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    if "greet" in event:
        greet(event["greet"], event["message"])
        return {"statusCode": 200}
    request = event["requestContext"]
    principal = (request.get("authorizer") or {}).get("principalId", "anonymous")
    wanted = event.get("queryStringParameters") or {}
    status, message = connect(wanted, request["connectionId"], principal, int(time.time()))
    if status == 200:
        greet_later(context.function_name, request, message)
    return {"statusCode": status}
