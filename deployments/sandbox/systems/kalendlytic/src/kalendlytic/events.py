"""Events of a calendar: POST and GET /events, GET and DELETE /events/{id}."""

from __future__ import annotations

import uuid
from typing import Any

from kalendlytic.answers import answer, body, caller, name
from kalendlytic.cloud import count, table

REQUIRED = ("title", "start", "end")


def create(event: dict[str, Any], owner: str) -> dict[str, Any]:
    try:
        wanted = body(event)
    except ValueError as error:
        return answer(event, 400, {"message": str(error)})
    if missing := [field for field in REQUIRED if not wanted.get(field)]:
        return answer(event, 400, {"message": f"The event lacks {', '.join(missing)}."})
    if wanted["end"] <= wanted["start"]:
        return answer(event, 400, {"message": "The event ends before it begins."})
    item = {"id": uuid.uuid4().hex, "owner": owner, **{field: str(wanted[field]) for field in REQUIRED}}
    table("EVENTS_TABLE").put_item(Item=item)
    count("EventsCreated")
    return answer(event, 201, item)


def listed(event: dict[str, Any], owner: str) -> dict[str, Any]:
    found = table("EVENTS_TABLE").query(
        IndexName="by-owner",
        KeyConditionExpression="#owner = :owner",
        ExpressionAttributeNames={"#owner": "owner"},
        ExpressionAttributeValues={":owner": owner},
    )
    return answer(event, 200, {"events": found["Items"]})


def one(event: dict[str, Any], owner: str) -> dict[str, Any]:
    item = table("EVENTS_TABLE").get_item(Key={"id": name(event, "id")}).get("Item")
    if item is None or item["owner"] != owner:
        return answer(event, 404, {"message": "There is no such event."})
    return answer(event, 200, item)


def delete(event: dict[str, Any], owner: str) -> dict[str, Any]:
    found = one(event, owner)
    if found["statusCode"] == 200:
        table("EVENTS_TABLE").delete_item(Key={"id": name(event, "id")})
    return found


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    owner = caller(event)
    if not owner:
        return answer(event, 401, {"message": "Sign in first."})
    steps = {"POST /events": create, "GET /events": listed, "GET /events/{id}": one, "DELETE /events/{id}": delete}
    step = steps.get(f"{event['httpMethod']} {event['resource']}")
    return step(event, owner) if step else answer(event, 405, {"message": "No such method."})
