#!/usr/bin/env python3
"""A load test: ./scripts/load.py ENVIRONMENT NAME --executions N; figures lie in reports/ENVIRONMENT/load-NAME.json."""

from __future__ import annotations

import argparse
import json
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import requests
from deployed import Deployed

USERS = 5


def execution(deployed: Deployed) -> tuple[bool, float]:
    """Whether one execution succeeded, and how long it took in ms."""
    begun, one = time.monotonic(), f"LOAD-{uuid.uuid4().hex[:10]}"
    try:
        started = deployed.start(one)
        well = deployed.answer(one, "done") == requests.codes.ok and deployed.end(started) == "SUCCEEDED"
    except requests.RequestException:
        well = False
    return well, (time.monotonic() - begun) * 1000


def main() -> None:
    """Start the executions, a few at a time, and write down how they went."""
    parser = argparse.ArgumentParser()
    parser.add_argument("environment")
    parser.add_argument("name")
    parser.add_argument("--executions", type=int, required=True)
    told = parser.parse_args()
    deployed, started = Deployed(told.environment), datetime.now(UTC)
    execution(deployed)  # the first one waits for functions to start, which is not what is measured
    with ThreadPoolExecutor(USERS) as users:
        results = list(users.map(execution, [deployed] * told.executions))
    took = sorted(each for _, each in results)
    figures = {
        "started": started.isoformat(),
        "finished": datetime.now(UTC).isoformat(),
        "requests": len(results),
        "failures": sum(not well for well, _ in results),
        "p95_ms": round(took[min(len(took) - 1, int(len(took) * 0.95))]),
        "users": min(USERS, len(results)),
    }
    path = Path(__file__).parents[1] / "reports" / told.environment / f"load-{told.name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=2) + "\n")
    sys.stdout.write(f"{json.dumps(figures)}\n")


if __name__ == "__main__":
    main()
