"""$disconnect: forget the connection; when it was the speaker's, end the session and tell its listeners."""

from __future__ import annotations

import time
from typing import Any

from sessions import cloud

LISTENERS_INDEX = "sessionId-targetLanguage-index"


def forget(connection: str) -> dict[str, Any] | None:
    answer = cloud.table("CONNECTIONS_TABLE").delete_item(Key={"connectionId": connection}, ReturnValues="ALL_OLD")
    return answer.get("Attributes")


def end_session(session: str, now: int) -> None:
    cloud.table("SESSIONS_TABLE").update_item(
        Key={"sessionId": session},
        UpdateExpression="SET #status = :ended, endedAt = :now",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":ended": "ended", ":now": now},
    )


def listeners(session: str) -> list[str]:
    answer = cloud.table("CONNECTIONS_TABLE").query(
        IndexName=LISTENERS_INDEX,
        KeyConditionExpression="sessionId = :session",
        ExpressionAttributeValues={":session": session},
    )
    return [item["connectionId"] for item in answer["Items"]]


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    request = event["requestContext"]
    gone = forget(request["connectionId"])
    if gone is not None and gone["role"] == "speaker":
        end_session(gone["sessionId"], int(time.time()))
        for connection in listeners(gone["sessionId"]):
            cloud.post(request, connection, {"type": "sessionEnded", "sessionId": gone["sessionId"]})
    return {"statusCode": 200}
