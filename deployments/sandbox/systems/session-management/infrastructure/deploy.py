"""Deploy one environment: publish the functions' code, create or update the stack, follow it to its end.

    python3 infrastructure/deploy.py --env dev --version 1.4.0

Exit status 0 when the stack stands in the wanted version, 1 when it does not.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

import app
from settings import Settings, read

SOURCE = Path(__file__).parent.parent / "src"
# A zip entry carries a date; a fixed one keeps the archive, and so its key, the same for the same code.
ZIP_DATE = (2020, 1, 1, 0, 0, 0)
GOOD = ("CREATE_COMPLETE", "UPDATE_COMPLETE")


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(SOURCE.rglob("*.py")):
            packed.writestr(zipfile.ZipInfo(str(path.relative_to(SOURCE)), ZIP_DATE), path.read_bytes())
    return buffer.getvalue()


def publish(s3: Any, settings: Settings) -> dict[str, str]:
    content = archive()
    key = f"session-management/{hashlib.sha256(content).hexdigest()[:32]}.zip"
    bucket = f"cdk-hnb659fds-assets-{settings.account}-{settings.region}"
    s3.put_object(Bucket=bucket, Key=key, Body=content)
    return {"S3Bucket": bucket, "S3Key": key}


def stack_status(cloudformation: Any, stack: str) -> str | None:
    try:
        return cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise


def tags(settings: Settings) -> list[dict[str, str]]:
    found = {"System": "session-management", "Environment": settings.environment, "Version": settings.version}
    if os.environ.get("GATES_RELEASE"):
        found["Release"] = os.environ["GATES_RELEASE"]
    return [{"Key": key, "Value": value} for key, value in found.items()]


def start(cloudformation: Any, settings: Settings, body: str) -> bool:
    """Begin to create or update the stack; False when it already is as wanted."""
    request = {
        "StackName": settings.stack,
        "TemplateBody": body,
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        "Tags": tags(settings),
    }
    status = stack_status(cloudformation, settings.stack)
    if status == "ROLLBACK_COMPLETE":
        # A stack whose creation failed holds nothing and can only be deleted.
        cloudformation.delete_stack(StackName=settings.stack)
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=settings.stack)
        status = None
    if status is None:
        cloudformation.create_stack(**request)
        return True
    try:
        cloudformation.update_stack(**request)
    except ClientError as error:
        if "No updates are to be performed" in str(error):
            return False
        raise
    return True


def follow(cloudformation: Any, stack: str, seen: set[str]) -> str:
    """Print the stack's events as they come, until it is at rest; return its status."""
    while True:
        status = stack_status(cloudformation, stack) or "DELETED"
        events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
        for event in reversed(events):
            if event["EventId"] not in seen:
                seen.add(event["EventId"])
                reason = event.get("ResourceStatusReason", "")
                print(f"{event['LogicalResourceId']:32} {event['ResourceStatus']:28} {reason}".rstrip(), flush=True)
        if not status.endswith("_IN_PROGRESS"):
            return status
        time.sleep(0.2)


def past_events(cloudformation: Any, stack: str) -> set[str]:
    if stack_status(cloudformation, stack) is None:
        return set()
    return {event["EventId"] for event in cloudformation.describe_stack_events(StackName=stack)["StackEvents"]}


def deploy(settings: Settings) -> int:
    cloudformation = boto3.client("cloudformation", region_name=settings.region)
    code = publish(boto3.client("s3", region_name=settings.region), settings)
    body = json.dumps(app.template(settings, code), separators=(",", ":"))
    seen = past_events(cloudformation, settings.stack)
    if not start(cloudformation, settings, body):
        print(f"{settings.stack} already stands at {settings.version}.")
        return 0
    status = follow(cloudformation, settings.stack, seen)
    print(f"{settings.stack} is {status}.")
    if status not in GOOD:
        return 1
    stack = cloudformation.describe_stacks(StackName=settings.stack)["Stacks"][0]
    for output in stack.get("Outputs", []):
        print(f"{output['OutputKey']} = {output['OutputValue']}")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Deploy the session management stack.")
    parser.add_argument("--env", required=True)
    parser.add_argument("--version", required=True)
    arguments = parser.parse_args()
    try:
        return deploy(read(arguments.env, arguments.version))
    except (BotoCoreError, ClientError) as error:
        print(f"SessionManagement-{arguments.env} was not deployed: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
