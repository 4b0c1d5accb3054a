"""refreshConnection: take a fresh token before the old one runs out."""

from __future__ import annotations

import json
import time
from typing import Any

from sessions import cloud
from sessions.authorizer import claims_of
from sessions.connection import CONNECTION_SECONDS
from sessions.tokens import Refused


def token_of(event: dict[str, Any]) -> str:
    body = json.loads(event.get("body") or "{}")
    return str(body.get("token", ""))


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    request, now = event["requestContext"], int(time.time())
    try:
        claims = claims_of(token_of(event))
    except Refused as refusal:
        cloud.post(request, request["connectionId"], {"type": "error", "message": str(refusal)})
        return {"statusCode": 401}
    cloud.table("CONNECTIONS_TABLE").update_item(
        Key={"connectionId": request["connectionId"]},
        UpdateExpression="SET refreshedAt = :now, tokenExpiresAt = :expires, #ttl = :until",
        ExpressionAttributeNames={"#ttl": "ttl"},
        ExpressionAttributeValues={":now": now, ":expires": int(claims["exp"]), ":until": now + CONNECTION_SECONDS},
    )
    cloud.post(request, request["connectionId"], {"type": "connectionRefreshed", "expiresAt": int(claims["exp"])})
    return {"statusCode": 200}
