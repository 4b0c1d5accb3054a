"""Asks every public address of the platform, and one that is not public: ``smoke_tests.py URL ENVIRONMENT``."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
sys.dont_write_bytecode = True

from gennet.operations import OPERATIONS


def get(url: str) -> tuple[int, Any]:
    """Status and content; 0 with the reason when nobody answered."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, None
    except (OSError, ValueError) as error:
        return 0, str(error)


def main(base: str, environment: str) -> int:
    """Ask, and say what was not as it should be."""
    troubles = []
    for operation in OPERATIONS:
        status, content = get(f"{base}{operation.address}")
        wanted = 200 if operation.public else 401
        if status != wanted:
            troubles.append(f"{operation.address} answered {status or content}, wanted {wanted}")
        elif operation.path == "/health" and content["environment"] != environment:
            troubles.append(f"{operation.address} says that it is {content['environment']}, wanted {environment}")
    sys.stdout.write("\n".join(troubles or [f"{len(OPERATIONS)} addresses answered: all smoke tests passed"]) + "\n")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
