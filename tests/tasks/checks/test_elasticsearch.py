import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers.api import BROKEN, REFUSED, serving
from tests.tasks.world import Case, Place

HEALTHY, FLOWING, ERRORS, SECRETS, LEVEL, RETENTION, TOP = (
    f"elasticsearch.{name}"
    for name in ("healthy", "flowing", "no_errors", "no_secrets", "level_at_least", "retention_set", "top_values")
)
APP, POLICY = {"index": "app"}, {"policy": "app-logs", "at_least_days": 30}
WELL = {"level": "info", "message": "served"}


def documents(found: Mapping[str, list[dict[str, Any]]], **told: Any) -> Callable[[dict[str, str]], dict[str, Any]]:
    """Answers the documents of the first key that the query contains; the key "" is contained in every one."""

    def said(asked: dict[str, str]) -> dict[str, Any]:
        source = json.loads(asked["source"])
        query = source["query"]["bool"]["filter"][1]["query_string"]["query"]
        some = next(each for part, each in found.items() if part in query)
        buckets = [{"key": each.get("ip", "none"), "doc_count": 2} for each in some]
        hits = {"total": {"value": len(some)}, "hits": [{"_source": each} for each in some[: source["size"]]]}
        shards = {"timed_out": False, "_shards": {"failed": 0}}
        return shards | {"hits": hits, "aggregations": {"top": {"buckets": buckets}}} | told

    return said


def world(**changed: Any) -> Callable[[], AbstractContextManager[Place]]:
    keeps = {"app-logs": {"policy": {"phases": {"delete": {"min_age": "30d"}}}}}
    nothing_bad = documents({"_exists_": [WELL], "level:": [], "": [WELL, WELL]})
    healthy = {"health": {"status": "green"}, "search": nothing_bad, "policy": keeps}
    places = {"health": "/_cluster/health", "search": "/app/_search", "policy": "/_ilm/policy/app-logs"}
    return serving({places[name]: answer for name, answer in (healthy | changed).items()})


def search(found: Mapping[str, list[dict[str, Any]]], **told: Any) -> Callable[[], AbstractContextManager[Place]]:
    return world(search=documents(found, **told))


UNREAD, EMPTY = world(search=REFUSED), search({"": []})
BAD = {"level": "error", "message": "no", "password": "hunter2x"}
BY_IP = APP | {"field": "ip"}
KEPT_FOR_EVER = {"app-logs": {"policy": {"phases": {"hot": {}}}}}
CASES = [
    Case("green", HEALTHY, {}, Status.PASSED, "is green", server=world()),
    Case("just yellow", HEALTHY, {}, Status.PASSED, "is yellow", server=world(health={"status": "yellow"})),
    Case("yellow is too little", HEALTHY, {"at_least": "green"}, Status.FAILED, "is yellow",
         server=world(health={"status": "yellow"})),
    Case("red", HEALTHY, {}, Status.FAILED, "is red", server=world(health={"status": "red"})),
    Case("no such colour", HEALTHY, {"at_least": "blue"}, Status.UNKNOWN, "cannot be compared", server=world()),
    Case("down", HEALTHY, {}, Status.UNKNOWN, "answered 503", server=world(health=BROKEN)),
    Case("flows", FLOWING, APP, Status.PASSED, "has 2 documents", server=world()),
    Case("stopped", FLOWING, APP, Status.FAILED, "has no document", server=EMPTY),
    Case("searched in part", FLOWING, APP, Status.UNKNOWN, "Only a part", server=search({"": [WELL]}, _shards={"failed": 1})),
    Case("refused", FLOWING, APP, Status.UNKNOWN, "answered 401", server=UNREAD),
    Case("no error", ERRORS, APP, Status.PASSED, "has no line of level:", server=world()),
    Case("an error", ERRORS, APP, Status.FAILED, '"password": "[hidden]"', server=search({"": [BAD]})),
    Case("no document has a level", ERRORS, APP, Status.UNKNOWN,
         "has the field level", server=search({"_exists_": [], "": [WELL]})),
    Case("silent", ERRORS, APP, Status.UNKNOWN, "no line at all", server=EMPTY),
    Case("silent, and that is well", ERRORS, APP | {"allow_empty": True}, Status.PASSED, "no line at all", server=EMPTY),
    Case("no secret", SECRETS, APP, Status.PASSED, "None of the newest 2", server=world()),
    Case("a secret", SECRETS, APP, Status.FAILED, "1 by 'password'", server=search({"": [BAD]})),
    Case("silent", SECRETS, APP, Status.UNKNOWN, "no line to look through", server=EMPTY),
    Case("high enough", LEVEL, APP, Status.PASSED, "0 documents below info", server=world()),
    Case("debugging was left on", LEVEL, APP, Status.FAILED, "1 documents below info", server=search({"": [WELL]})),
    Case("no document has a level", LEVEL, APP, Status.UNKNOWN, "tells its level", server=EMPTY),
    Case("no such level", LEVEL, APP | {"level": "loud"}, Status.UNKNOWN, "'loud' is no level", server=world()),
    Case("long enough", RETENTION, POLICY, Status.PASSED, "is 30", server=world()),
    Case("too short", RETENTION, POLICY | {"at_least_days": 31}, Status.FAILED, "wanted at least 31 days", server=world()),
    Case("kept for ever", RETENTION, POLICY, Status.FAILED, "deletes nothing ever", server=world(policy=KEPT_FOR_EVER)),
    Case("refused", RETENTION, POLICY, Status.UNKNOWN, "answered 401", server=world(policy=REFUSED)),
    Case("told", TOP, BY_IP, Status.PASSED, "10.0.0.1 (2)", server=search({"": [{"ip": "10.0.0.1"}]})),
    Case("none of that kind", TOP, BY_IP | {"query": "status:401"}, Status.PASSED,
         "No document of app (status:401)", server=search({"status": [], "": [WELL]})),
    Case("silent", TOP, BY_IP, Status.UNKNOWN, "no document with ip", server=EMPTY),
    Case("no such index", TOP, {"index": "other", "field": "ip"}, Status.FAILED, "answered 404", server=world()),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
