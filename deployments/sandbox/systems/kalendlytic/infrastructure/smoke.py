"""Use what was deployed as a user would, through the deployed functions, and leave nothing behind.

python3 infrastructure/smoke.py -e prod events|files|invitations
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from settings import Settings, read

USER = "smoke-test"
Ask = Callable[..., Any]


class Unexpected(Exception):
    """A function did not answer as it should."""


def asking(settings: Settings, function: str) -> Ask:
    """A way to ask a function as API Gateway would, for our own user."""
    functions = boto3.client("lambda", region_name=settings.region)

    def ask(verb: str, resource: str, wanted: int, content: object = None, **parameters: str) -> Any:
        event = {
            "httpMethod": verb,
            "resource": resource,
            "headers": {},
            "pathParameters": parameters,
            "body": json.dumps(content) if content is not None else None,
            "requestContext": {"authorizer": {"claims": {"sub": USER}}},
        }
        answer = functions.invoke(FunctionName=settings.function(function), Payload=json.dumps(event).encode())
        seen = json.loads(answer["Payload"].read())
        if seen.get("statusCode") != wanted:
            raise Unexpected(f"{verb} {resource} answered {seen.get('statusCode', seen)}, wanted {wanted}: {seen.get('body')}")
        return json.loads(seen["body"])

    return ask


def events(settings: Settings) -> str:
    ask = asking(settings, "events")
    ask("POST", "/events", 400, {"title": "ends before it begins", "start": "2030-01-02", "end": "2030-01-01"})
    made = ask("POST", "/events", 201, {"title": "smoke test", "start": "2030-01-01", "end": "2030-01-02"})
    try:
        if ask("GET", "/events/{id}", 200, id=made["id"]) != made:
            raise Unexpected("The event that was read is not the one that was written.")
        if made not in ask("GET", "/events", 200)["events"]:
            raise Unexpected("The event is not in its owner's calendar.")
    finally:
        ask("DELETE", "/events/{id}", 200, id=made["id"])
    ask("GET", "/events/{id}", 404, id=made["id"])
    return "An event was written, read, listed and deleted."


def files(settings: Settings) -> str:
    ask, content = asking(settings, "files"), base64.b64encode(b"a file of the smoke test").decode()
    ask("PUT", "/files/{name}", 201, {"content": content}, name="smoke.txt")
    try:
        if ask("GET", "/files/{name}", 200, name="smoke.txt")["content"] != content:
            raise Unexpected("The file that was downloaded is not the one that was uploaded.")
    finally:
        ask("DELETE", "/files/{name}", 200, name="smoke.txt")
    ask("GET", "/files/{name}", 404, name="smoke.txt")
    return "A file was uploaded, downloaded and deleted."


def invitations(settings: Settings) -> str:
    ask = asking(settings, "invitations")
    mail = ask("POST", "/invitations", 202, {"to": settings.alarm_email, "title": f"smoke test of {settings.stack}"})["mail"]
    return f"Mail {mail} is on its way to {settings.alarm_email}."


def main() -> int:
    tests = {"events": events, "files": files, "invitations": invitations}
    parser = argparse.ArgumentParser(prog="scripts/smoke-test.sh")
    parser.add_argument("-e", dest="environment", required=True)
    parser.add_argument("test", choices=tests)
    arguments = parser.parse_args()
    try:
        print(tests[arguments.test](read(arguments.environment, "")))
    except (BotoCoreError, ClientError, Unexpected) as error:
        print(f"The smoke test of {arguments.test} failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
