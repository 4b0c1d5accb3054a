"""Whatever stands in a report or is answered by a service, a check judges or says that it cannot: it never breaks."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers.sites import serving
from tests.tasks.servers.web import Page
from tests.tasks.world import Case

NOW = "2026-11-21T12:00:00+00:00"
SCAN_PLACE = [{"physicalLocation": {"artifactLocation": {"uri": "a.py"}}}]
GOOD: dict[str, tuple[str, dict[str, Any], Any]] = {
    "coverage": (
        "suite.coverage_at_least",
        {"path": "file"},
        {"meta": {"timestamp": NOW}, "totals": {"percent_covered": 90, "num_statements": 9}},
    ),
    "istanbul": ("suite.coverage_at_least", {"path": "file"}, {"total": {"lines": {"total": 9, "covered": 9}}}),
    "load": (
        "load.result_meets",
        {"path": "file", "p95_ms": 500, "minimum_users": 1},
        {"requests": 9, "failures": 0, "p95_ms": 9, "users": 2, "finished": NOW},
    ),
    "k6": (
        "load.result_meets",
        {"path": "file"},
        {
            "metrics": {
                "http_reqs": {"count": 9},
                "http_req_failed": {"value": 0},
                "http_req_duration": {"p(95)": 9},
                "vus_max": {"max": 2},
            }
        },
    ),
    "jmeter": ("load.result_meets", {"path": "file"}, {"Total": {"sampleCount": 9, "errorCount": 0, "pct2ResTime": 9}}),
    "chaos": (
        "chaos.experiments_passed",
        {"paths": ["file.json"]},
        {
            "experiment": {"title": "x"},
            "status": "completed",
            "deviated": False,
            "end": NOW,
            "steady_states": {"after": {"steady_state_met": True}},
        },
    ),
    "trivy": (
        "scan.report_clean",
        {"paths": ["file"]},
        {
            "CreatedAt": NOW,
            "Results": [{"Target": "a", "Vulnerabilities": [{"Severity": "LOW", "VulnerabilityID": "C", "PkgName": "p"}]}],
        },
    ),
    "sarif": (
        "scan.report_clean",
        {"paths": ["file"]},
        {
            "runs": [
                {
                    "tool": {"driver": {"rules": [{"id": "r", "properties": {"security-severity": "1"}}]}},
                    "results": [{"ruleId": "r", "level": "note", "locations": SCAN_PLACE}],
                }
            ]
        },
    ),
    "npm": (
        "scan.report_clean",
        {"paths": ["file"]},
        {"vulnerabilities": {"a": {"severity": "low"}}, "metadata": {"dependencies": {"total": 9}}},
    ),
    "pip": ("scan.report_clean", {"paths": ["file"]}, {"dependencies": [{"name": "a", "vulns": []}]}),
    "openapi": (
        "document.openapi_complete",
        {"path": "file.json", "examples": True},
        {
            "openapi": "3.0.0",
            "paths": {
                "/a": {"get": {"summary": "x", "responses": {"default": {"content": {"a/b": {"schema": {"example": 1}}}}}}}
            },
        },
    ),
    "settings": ("file.settings_match", {"path": "file.json", "like": "file.json"}, {"a": {"b": 1}, "c": [1]}),
    "equal": ("file.settings_equal", {"path": "file.json", "values": {"a.b": "1"}}, {"a": {"b": 1}}),
    "placeholders": ("file.no_placeholders", {"path": "file.json"}, {"a": {"b": "x"}}),
    "covers": ("document.covers", {"path": "file.json", "variables_of": "file.json"}, {"a": 1}),
    "backup": ("backup.report_fresh", {"path": "file.json"}, [{"finished": NOW, "status": "succeeded", "bytes": 9}]),
    "drill": (
        "backup.restore_verified",
        {"path": "file.json"},
        {"finished": NOW, "status": "succeeded", "rows_expected": 9, "rows_restored": 9},
    ),
    "retention": (
        "backup.retention_kept",
        {"path": "file.json", "days": 1},
        [{"finished": NOW, "status": "succeeded", "bytes": 9}],
    ),
    "rows": ("report.rows_at_most", {"path": "file", "column": "a", "values": ["x"]}, [{"a": "y"}]),
    "collected": ("report.collected", {"path": "file", "count_by": "a"}, [{"a": "y"}]),
}
ANSWERS: dict[str, tuple[str, dict[str, Any], Any]] = {
    "version": ("http.version_is", {"version": "1", "url": "{site}"}, {"version": "1"}),
    "values": ("http.values_are", {"values": {"a.b": "1"}, "url": "{site}"}, {"a": {"b": "1"}}),
    "change": (
        "change.approved",
        {"url": "{site}", "field": "a.state", "by_field": "a.by"},
        {"a": {"state": "approved", "by": "ana"}},
    ),
    "statuspage": ("statuspage.shows", {"url": "{site}"}, {"status": {"indicator": "none", "description": "x"}}),
    "answered": ("report.answered", {"url": "{site}", "rows_at": "entries", "count_by": "a"}, {"entries": [{"a": 1}]}),
    "github": (
        "ci.status_green",
        {"repository": "a/b", "commit": "c", "base_url": "{site}"},
        {
            "check_runs": [{"name": "t", "conclusion": "success", "status": "completed"}],
            "statuses": [{"context": "l", "state": "success"}],
        },
    ),
    "gitlab": (
        "ci.status_green",
        {"repository": "a/b", "commit": "c", "service": "gitlab", "base_url": "{site}"},
        [{"name": "t", "status": "success"}],
    ),
    "tracker": (
        "tracker.open_issues_at_most",
        {"repository": "a/b", "labels": ["x"], "at_most": 9, "base_url": "{site}"},
        [{"number": 1, "title": "x"}],
    ),
    "oncall": (
        "oncall.scheduled",
        {"schedule": "s", "key": "file:.env#KEY", "base_url": "{site}"},
        {"schedules": [{"id": "1", "name": "s"}], "oncalls": [{"user": {"summary": "ana"}}]},
    ),
    "service": (
        "oncall.service_integrated",
        {"service": "s", "key": "file:.env#KEY", "base_url": "{site}"},
        {"services": [{"name": "s", "status": "active", "integrations": [{"summary": "c"}], "escalation_policy": {"id": "e"}}]},
    ),
}
ODD: tuple[Any, ...] = (None, 7, "odd", [], {}, [None], {"odd": None}, True)


def spoilt(good: Any) -> Iterator[Any]:
    """The document with each of its parts in turn replaced by everything odd, or left out."""
    yield from ODD
    for path in places(good):
        for odd in ODD:
            document = copy.deepcopy(good)
            holder = document
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = odd
            yield document
        document = copy.deepcopy(good)
        holder = document
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]
        yield document


def places(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in steps:
        yield (*before, step)
        yield from places(each, (*before, step))


def judged(check: str, arguments: dict[str, Any], content: Any, folder: Path) -> Status:
    text = json.dumps(content)
    return Case("", check, arguments, Status.PASSED, "", files={"file": text, "file.json": text}).verdict(folder).status


@pytest.mark.parametrize("name", GOOD)
def test_a_report_that_is_spoilt_breaks_no_check(name: str, tmp_path: Path) -> None:
    check, arguments, good = GOOD[name]

    assert {judged(check, arguments, content, tmp_path) for content in spoilt(good)} <= set(Status)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_that_is_spoilt_breaks_no_check(name: str, tmp_path: Path) -> None:
    check, arguments, good = ANSWERS[name]
    pages: list[str] = []
    with serving(lambda _asked: Page(body=pages[-1])) as address:
        filled = {name: address if value == "{site}" else value for name, value in arguments.items()}

        def answered(content: Any) -> Status:
            pages.append(json.dumps(content))
            return Case("", check, filled, Status.PASSED, "", files={".env": "KEY=key-of-the-test"}).verdict(tmp_path).status

        assert answered(good) is Status.PASSED
        assert {answered(content) for content in spoilt(good)} <= set(Status)
