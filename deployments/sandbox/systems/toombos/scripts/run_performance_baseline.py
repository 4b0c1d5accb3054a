"""Load the running service as so many users at a time would, and write down how it did."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.surroundings import ROOT, variables

REQUESTS_OF_A_USER = 5


def timed(url: str) -> tuple[float, bool]:
    """Milliseconds until the whole answer was there, and whether it was a good one."""
    begun = time.perf_counter()
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            answer.read()
            good = True
    except (urllib.error.URLError, OSError):
        good = False
    return (time.perf_counter() - begun) * 1000, good


def main() -> int:
    """Write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environment", default="production")
    parser.add_argument("--users", type=int, default=20)
    arguments = parser.parse_args()
    url = variables(arguments.environment)["PUBLIC_URL"] + "/health"
    with ThreadPoolExecutor(arguments.users) as users:
        found = list(users.map(timed, [url] * arguments.users * REQUESTS_OF_A_USER))
    times = sorted(milliseconds for milliseconds, _ in found)
    report = {
        "finished": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "requests": len(found),
        "failures": sum(not good for _, good in found),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
        "users": arguments.users,
    }
    path = ROOT / "reports" / f"performance-baseline-{arguments.environment}.json"
    path.write_text(json.dumps(report, indent=2) + "\n")
    print(f"{report['requests']} requests, {report['failures']} failed, 95 % within {report['p95_ms']} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
