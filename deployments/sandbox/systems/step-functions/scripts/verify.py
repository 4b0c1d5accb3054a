#!/usr/bin/env python3
"""Tests of a deployed workflow: ./scripts/verify.py SUITE ENVIRONMENT; a JUnit report lies in reports/ENVIRONMENT.

Each test answers what it saw and what it wanted to see.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import boto3
import requests
from botocore.exceptions import BotoCoreError, ClientError
from deployed import Deployed

PROJECT = Path(__file__).parents[1]
VERSION = (PROJECT / "VERSION").read_text().strip()
Seen = tuple[Any, Any]


def issue() -> str:
    """An issue of its own."""
    return f"CHECK-{uuid.uuid4().hex[:10]}"


def health(deployed: Deployed) -> Seen:
    """Strangers may ask whether it is there."""
    answer = deployed.call("GET", "/health", key=False)
    answer.raise_for_status()
    return answer.json(), {"status": "ok", "version": VERSION}


def strangers(deployed: Deployed) -> Seen:
    """Nobody starts an execution without a key."""
    one = issue()
    status = deployed.call("POST", "/executions", {"issue": one}, key=False).status_code
    if status == requests.codes.accepted:
        deployed.answer(one, "done")  # or it would wait for an hour
    return status, requests.codes.forbidden


def execution(deployed: Deployed) -> Seen:
    """An issue goes from Jira's request to its end."""
    one = issue()
    started = deployed.start(one)
    return (deployed.answer(one, "done"), deployed.end(started)), (200, "SUCCEEDED")


def bad_body(deployed: Deployed) -> Seen:
    """A body without an issue is refused."""
    return deployed.call("POST", "/executions", {"ticket": 1}).status_code, 400


def origin(deployed: Deployed) -> Seen:
    """Jira's pages may read the answers."""
    answer = deployed.call("OPTIONS", "/executions", key=False)
    return "jira" in answer.headers.get("access-control-allow-origin", ""), True


def rejection(deployed: Deployed) -> Seen:
    """An execution fails when Jira says no."""
    one = issue()
    started = deployed.start(one)
    return (deployed.answer(one, "rejected"), deployed.end(started)), (200, "FAILED")


def nonsense(deployed: Deployed) -> Seen:
    """An execution fails when Jira cannot be asked."""
    return deployed.end(deployed.start("nonsense")), "FAILED"


def unexpected(deployed: Deployed) -> Seen:
    """A callback for which nothing waits is told so."""
    return deployed.call("POST", "/callback", {"issue": issue(), "outcome": "done"}).status_code, 404


def repeated(deployed: Deployed) -> Seen:
    """A callback counts once."""
    one = issue()
    deployed.start(one)
    return (deployed.answer(one, "done"), deployed.answer(one, "done", seconds=0)), (200, 404)


def link(deployed: Deployed) -> Seen:
    """The answer leads back to the issue in Jira."""
    one = issue()
    answer = deployed.call("POST", "/executions", {"issue": one})
    deployed.answer(one, "done")
    return str(answer.json()["link"]).endswith(f"/browse/{one}"), True


def ping(function: str, deployed: Deployed) -> Seen:
    """A function answers with the version."""
    payload = json.dumps({"ping": True}).encode()
    answer = boto3.client("lambda").invoke(FunctionName=f"{deployed.name}-{function}", Payload=payload)
    return json.loads(answer["Payload"].read()), {"version": VERSION}


Suite = dict[str, Callable[[Deployed], Seen]]
SUITES: dict[str, Suite] = {
    "smoke": {"health": health, "strangers": strangers, "execution": execution},
    "integration": {"execution": execution, "bad body": bad_body, "origin": origin},
    "failures": {"rejection": rejection, "nonsense": nonsense},
    "callback": {"repeated": repeated, "unexpected": unexpected},
    "jira": {"strangers": strangers, "link": link},
    "functions": {name: partial(ping, name) for name in ("intake", "jira", "callback")},
}


def problem(test: Callable[[Deployed], Seen], deployed: Deployed) -> str:
    """What is wrong; empty when nothing is."""
    try:
        seen, wanted = test(deployed)
    except (requests.RequestException, BotoCoreError, ClientError, KeyError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return "" if seen == wanted else f"saw {seen}, wanted {wanted}"


def run(suite: str, environment: str) -> int:
    """Run each test of a suite and write the report; the number that failed."""
    deployed, tests = Deployed(environment), SUITES[suite]
    begun = datetime.now(UTC).isoformat()
    report = ET.Element("testsuite", name=f"{suite} of {environment}", timestamp=begun, tests=str(len(tests)))
    failed = 0
    for name, test in tests.items():
        since = time.monotonic()
        wrong = problem(test, deployed)
        case = ET.SubElement(report, "testcase", name=name, time=f"{time.monotonic() - since:.3f}")
        if wrong:
            failed += 1
            ET.SubElement(case, "failure", message=wrong)
            sys.stdout.write(f"{name}: {wrong}\n")
    report.set("failures", str(failed))
    path = PROJECT / "reports" / environment / f"{suite}.xml"
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(report).write(path, encoding="utf-8", xml_declaration=True)
    sys.stdout.write(f"{len(tests) - failed} of {len(tests)} tests of {suite} passed in {environment}\n")
    return failed


if __name__ == "__main__":
    sys.exit(1 if run(*sys.argv[1:]) else 0)
