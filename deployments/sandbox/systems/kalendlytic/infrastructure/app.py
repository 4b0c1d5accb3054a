"""Synthesise the stack of one environment: what `cdk synth` and `cdk list` run, and what deploy.py imports.

Reads the context the CDK command line hands over (CDK_CONTEXT_JSON) and writes template and manifest to CDK_OUTDIR.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from api import api
from data import data
from edge import edge
from functions import functions
from monitoring import monitoring
from settings import Found, Settings, read


def outputs(settings: Settings) -> dict[str, dict[str, object]]:
    host = f"${{Api}}.execute-api.{settings.region}.amazonaws.com"
    values: dict[str, object] = {
        "ApiUrl": {"Fn::Sub": f"https://{host}/{settings.environment}"},
        "DistributionDomain": {"Fn::GetAtt": ["Distribution", "DomainName"]},
        "UserPoolId": {"Ref": "UserPool"},
        "UserPoolClientId": {"Ref": "UserPoolClient"},
        "FilesBucket": {"Ref": "FilesBucket"},
        "AlarmTopicArn": {"Ref": "AlarmTopic"},
        "Version": settings.version,
    }
    return {key: {"Value": value} for key, value in values.items()}


def template(settings: Settings, found: Found, code: dict[str, str]) -> dict[str, object]:
    """Assemble the CloudFormation template; ``code`` is the S3Bucket and S3Key of the functions' archive."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Kalendlytic {settings.version} ({settings.environment})",
        "Resources": {
            **data(settings),
            **functions(settings, found, code),
            **edge(settings, found),
            **api(settings),
            **monitoring(settings),
        },
        "Outputs": outputs(settings),
    }


def main() -> None:
    context = json.loads(os.environ.get("CDK_CONTEXT_JSON", "{}"))
    if "env" not in context:
        raise SystemExit("No environment: pass --context env=dev, env=staging or env=prod.")
    settings = read(context["env"], context.get("version", "unreleased"))
    directory = Path(os.environ.get("CDK_OUTDIR", "cdk.out"))
    directory.mkdir(parents=True, exist_ok=True)
    file = f"{settings.stack}.template.json"
    body = template(settings, Found(), {"S3Bucket": settings.assets, "S3Key": "unpublished.zip"})
    (directory / file).write_text(json.dumps(body, indent=1))
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": file}}
    (directory / "manifest.json").write_text(json.dumps({"artifacts": {settings.stack: stack}}, indent=1))


if __name__ == "__main__":
    main()
