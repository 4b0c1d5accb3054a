"""Ask much at once, and write down how that went: python3 infrastructure/load.py -e prod --url URL

The result is reports/load-<environment>.json; whether it is good enough is for its readers to say.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

REPORTS = Path(__file__).parents[1] / "reports"


def asked(url: str) -> tuple[float, bool]:
    """Milliseconds until the answer was there, and whether it was a good one."""
    began = time.perf_counter()
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            answer.read()
        good = True
    except (urllib.error.URLError, TimeoutError):
        good = False
    return (time.perf_counter() - began) * 1000, good


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/load-test.sh")
    parser.add_argument("-e", dest="environment", required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--users", type=int, default=4)
    parser.add_argument("--requests", type=int, default=100)
    arguments = parser.parse_args()
    with ThreadPoolExecutor(arguments.users) as pool:
        found = list(pool.map(asked, [arguments.url] * arguments.requests))
    times, failures = sorted(taken for taken, _ in found), sum(not good for _, good in found)
    result = {
        "finished": datetime.now(UTC).isoformat(),
        "users": arguments.users,
        "requests": len(found),
        "failures": failures,
        "p95_ms": round(times[int(len(times) * 0.95) - 1], 1),
        "error_percent": round(100 * failures / len(found), 2),
    }
    REPORTS.mkdir(exist_ok=True)
    (REPORTS / f"load-{arguments.environment}.json").write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
