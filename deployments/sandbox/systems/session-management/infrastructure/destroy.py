"""Delete one environment's stack and wait until it is gone: python3 infrastructure/destroy.py --env dev"""

from __future__ import annotations

import argparse
import sys
import time

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from deploy import stack_status


def destroy(stack: str) -> int:
    cloudformation = boto3.client("cloudformation")
    cloudformation.delete_stack(StackName=stack)
    while (status := stack_status(cloudformation, stack)) == "DELETE_IN_PROGRESS":
        time.sleep(0.2)
    gone = status in (None, "DELETE_COMPLETE")
    print(f"{stack} is gone." if gone else f"{stack} is {status}.")
    return 0 if gone else 1


def main() -> int:
    parser = argparse.ArgumentParser(description="Delete the session management stack.")
    parser.add_argument("--env", required=True)
    stack = f"SessionManagement-{parser.parse_args().env}"
    try:
        return destroy(stack)
    except (BotoCoreError, ClientError) as error:
        print(f"{stack} was not deleted: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
