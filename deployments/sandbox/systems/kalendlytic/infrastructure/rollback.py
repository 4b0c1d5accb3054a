"""Put the version before this one back: python3 infrastructure/rollback.py -e prod [--backup-only]

What the last deployment replaced lies beside its code in S3. Within a release (GATES_RELEASE) only what that release
deployed is taken back: whoever has been there before us, by the console or the API, is not undone a second time.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import UTC, datetime

import boto3
from botocore.exceptions import BotoCoreError, ClientError

import stacks
from deploy import previous
from settings import Settings, read


def backup(settings: Settings) -> int:
    """Back up every table as it is now."""
    dynamodb = boto3.client("dynamodb", region_name=settings.region)
    moment = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    for name in settings.tables:
        try:
            dynamodb.create_backup(TableName=name, BackupName=f"rollback-{moment}")
        except dynamodb.exceptions.TableNotFoundException:
            print(f"There is no table {name}, so nothing of it can be kept.")
        else:
            print(f"Table {name} is backed up as rollback-{moment}.")
    return 0


def roll_back(settings: Settings) -> int:
    cloudformation = boto3.client("cloudformation", region_name=settings.region)
    s3 = boto3.client("s3", region_name=settings.region)
    try:
        noted = json.loads(s3.get_object(Bucket=settings.assets, Key=previous(settings))["Body"].read())
    except s3.exceptions.NoSuchKey:
        print(f"Nothing was ever deployed to {settings.stack} by these scripts; there is nothing to put back.")
        return 0
    stands = stacks.version(stacks.described(cloudformation, settings.stack))
    release = os.environ.get("GATES_RELEASE", noted["release"])
    if stands != noted["to"] or release != noted["release"]:
        print(f"{settings.stack} stands at {stands or 'nothing'}, which is what was there before; nothing is left to put back.")
        return 0
    if not noted["template"]:
        print(f"There was nothing before {noted['to']}; delete {settings.stack} by hand if it is to go.", file=sys.stderr)
        return 1
    status = stacks.put(cloudformation, settings.stack, noted["template"], noted["tags"])
    print(f"{settings.stack} is {status}.")
    return 0 if status in stacks.GOOD else 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/rollback.sh", description="Put the previous version back.")
    parser.add_argument("-e", dest="environment", required=True)
    parser.add_argument("--backup-only", action="store_true")
    arguments = parser.parse_args()
    settings = read(arguments.environment, "")
    try:
        return backup(settings) if arguments.backup_only else roll_back(settings)
    except (BotoCoreError, ClientError) as error:
        print(f"{settings.stack} was not rolled back: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
