"""heartbeat: keep the connection's row alive and answer."""

from __future__ import annotations

import time
from typing import Any

from sessions import cloud
from sessions.connection import CONNECTION_SECONDS

ANSWER = "heartbeatAck"


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    request, now = event["requestContext"], int(time.time())
    cloud.table("CONNECTIONS_TABLE").update_item(
        Key={"connectionId": request["connectionId"]},
        UpdateExpression="SET lastHeartbeat = :now, #ttl = :until",
        ExpressionAttributeNames={"#ttl": "ttl"},
        ExpressionAttributeValues={":now": now, ":until": now + CONNECTION_SECONDS},
    )
    cloud.post(request, request["connectionId"], {"type": ANSWER, "timestamp": now})
    return {"statusCode": 200}
