"""Look at what was deployed: python3 infrastructure/validate.py -e prod. Exit status 1 when something is wrong."""

from __future__ import annotations

import argparse
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator

import boto3
from botocore.exceptions import BotoCoreError, ClientError

import stacks
from functions import FUNCTIONS
from settings import Settings, read


def troubles(settings: Settings) -> Iterator[str]:
    stack = stacks.described(boto3.client("cloudformation", region_name=settings.region), settings.stack)
    if stack is None or stack["StackStatus"] not in stacks.GOOD:
        yield f"Stack {settings.stack} is {stack['StackStatus'] if stack else 'absent'}."
        return
    dynamodb = boto3.client("dynamodb", region_name=settings.region)
    for name in settings.tables:
        status = dynamodb.describe_table(TableName=name)["Table"]["TableStatus"]
        if status != "ACTIVE":
            yield f"Table {name} is {status}."
    functions = boto3.client("lambda", region_name=settings.region)
    for each in FUNCTIONS:
        state = functions.get_function_configuration(FunctionName=settings.function(each.name))["State"]
        if state != "Active":
            yield f"Function {settings.function(each.name)} is {state}."
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    yield from unhealthy(outputs["ApiUrl"], stacks.version(stack))


def unhealthy(api: str, version: str) -> Iterator[str]:
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=10) as answer:
            seen = json.load(answer)
    except (urllib.error.URLError, ValueError) as error:
        yield f"{api}/health: {error}"
    else:
        if (seen["status"], seen["version"]) != ("ok", version):
            yield f"{api}/health answers {seen}, wanted ok and version {version}."


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/validate-deployment.sh")
    parser.add_argument("-e", dest="environment", required=True)
    settings = read(parser.parse_args().environment, "")
    try:
        found = list(troubles(settings))
    except (BotoCoreError, ClientError) as error:
        found = [str(error)]
    print("\n".join(found) if found else f"{settings.stack} is as it should be.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
