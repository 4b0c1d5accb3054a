"""Send an alert that says that it is a test, by the way that real ones take."""

from __future__ import annotations

import argparse
import json
import os
import sys
import urllib.request

ALERTMANAGER = os.environ.get("ALERTMANAGER_URL", "https://alertmanager.halcytone.com")


def main() -> int:
    """Send it; urllib raises when Alertmanager does not take it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environment", default="production")
    parser.add_argument("--release", required=True)
    arguments = parser.parse_args()
    labels = {
        "alertname": "ReleaseTestAlert",
        "severity": "info",
        "team": "toombos",
        "environment": arguments.environment,
        "release": arguments.release,
    }
    alert = {"labels": labels, "annotations": {"summary": "A test before a release; nothing is wrong."}}
    request = urllib.request.Request(
        f"{ALERTMANAGER}/api/v2/alerts", json.dumps([alert]).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        print(f"Alertmanager took the test alert: {answer.status}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
