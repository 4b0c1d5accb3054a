"""Synthesise the stack of one environment: what `cdk synth` and `cdk list` run, and what deploy.py imports.

Reads the context the CDK command line hands over (CDK_CONTEXT_JSON) and writes template and manifest to CDK_OUTDIR.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from api import STAGE, websocket_api
from functions import functions
from monitoring import monitoring
from settings import Settings, read
from tables import tables


def outputs(settings: Settings) -> dict[str, dict[str, object]]:
    values = {
        "WebSocketEndpoint": {"Fn::Sub": f"${{Api.ApiEndpoint}}/{STAGE}"},
        "ApiId": {"Ref": "Api"},
        "UserPoolId": settings.user_pool,
        "UserPoolClientId": settings.client,
        "SessionsTable": {"Ref": "SessionsTable"},
        "ConnectionsTable": {"Ref": "ConnectionsTable"},
        "RateLimitsTable": {"Ref": "RateLimitsTable"},
        "AlarmTopicArn": {"Ref": "AlarmTopic"},
        "DashboardName": settings.stack,
        "Version": settings.version,
    }
    return {key: {"Value": value} for key, value in values.items()}


def template(settings: Settings, code: dict[str, str]) -> dict[str, object]:
    """Assemble the CloudFormation template; ``code`` is the S3Bucket and S3Key of the functions' archive."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Session management {settings.version} ({settings.environment})",
        "Resources": {
            **tables(settings),
            **functions(settings, code),
            **websocket_api(settings),
            **monitoring(settings),
        },
        "Outputs": outputs(settings),
    }


def write(settings: Settings, body: dict[str, object], directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    file = f"{settings.stack}.template.json"
    (directory / file).write_text(json.dumps(body, indent=1))
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": file}}
    (directory / "manifest.json").write_text(json.dumps({"artifacts": {settings.stack: stack}}, indent=1))


def main() -> None:
    context = json.loads(os.environ.get("CDK_CONTEXT_JSON", "{}"))
    if "env" not in context:
        raise SystemExit("No environment: pass --context env=dev, env=staging or env=prod.")
    settings = read(context["env"], context.get("version", "unreleased"))
    code = {"S3Bucket": f"cdk-hnb659fds-assets-{settings.account}-{settings.region}", "S3Key": "unpublished.zip"}
    write(settings, template(settings, code), Path(os.environ.get("CDK_OUTDIR", "cdk.out")))


if __name__ == "__main__":
    main()
