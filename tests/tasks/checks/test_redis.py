from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers import free_port
from tests.tasks.servers.databases import KEY, URL, redis_server
from tests.tasks.world import Case

ANSWERS, AUTH, PERSISTENCE, HITS, MEMORY, REPLICAS, SETTINGS = (
    f"redis.{name}"
    for name in (
        "answers", "auth_required", "persistence_on", "hit_ratio_at_least", "memory_below", "replicas_connected",
        "settings_are",
    )
)  # fmt: skip
WRITING = "aof_enabled:1\r\naof_last_write_status:ok\r\nrdb_last_bgsave_status:ok\r\n"


def world(key: str = KEY, **changed: Any) -> Any:
    """A healthy Redis but for what is changed: sections of INFO, and settings by their name."""
    sections = {
        "persistence": WRITING,
        "stats": "keyspace_hits:60\r\nkeyspace_misses:40\r\n",
        "memory": "used_memory:80\r\nmaxmemory:100\r\ntotal_system_memory:1000\r\n",
        "replication": "role:master\r\nconnected_slaves:1\r\nslave0:ip=10.0.0.2,port=6379,state=online,offset=1,lag=0\r\n",
    }
    settings = {"save": "", "maxmemory-policy": "allkeys-lru"}
    answers: dict[str, Any] = {"PING": "+PONG"}
    answers |= {f"INFO {name}": changed.get(name, text) for name, text in sections.items()}
    answers |= {f"CONFIG GET {name}": [name, changed.get(name, value)] for name, value in settings.items()}
    return redis_server(answers | changed.get("answers", {}), key)


LOST = redis_server({"PING": "+PONG"}, "another password")
DISABLED = world(answers={"CONFIG GET maxmemory-policy": "-ERR unknown command 'CONFIG'"})
LRU = URL | {"values": {"maxmemory-policy": "allkeys-lru"}}
CASES = [
    Case("answers", ANSWERS, URL, Status.PASSED, "Answer time", server=world()),
    Case("late", ANSWERS, URL | {"within_seconds": -1}, Status.FAILED, "wanted at most -1 s", server=world()),
    Case("password wrong", ANSWERS, URL, Status.UNKNOWN, "Redis refused", server=LOST),
    Case("loads its data", ANSWERS, URL, Status.UNKNOWN, "loads its data",
         server=world(answers={"PING": "-LOADING Redis is loading"})),
    Case("address not set", ANSWERS, {"url": "env:GATES_TEST_NOTHING"}, Status.FAILED, "is not set"),
    Case("no address", ANSWERS, {"url": "file:app.env#NAME"},
         Status.UNKNOWN, "no address of Redis", files={"app.env": "NAME=nowhere"}),
    Case("nobody there", ANSWERS, {"url": "file:app.env#NAME"}, Status.UNKNOWN, "was not reached",
         files={"app.env": f"NAME=redis://127.0.0.1:{free_port()}/0"}),
    Case("refuses strangers", AUTH, URL, Status.PASSED, "refuses who does not know", server=world()),
    Case("open to all", AUTH, URL, Status.FAILED, "answers to everybody", server=world("")),
    Case("password wrong", AUTH, URL, Status.UNKNOWN, "Redis refused", server=LOST),
    Case("appends", PERSISTENCE, URL, Status.PASSED, "Last writing by aof is 'ok'", server=world()),
    Case("only the other way", PERSISTENCE, URL | {"kinds": ["rdb"]}, Status.FAILED, "by rdb", server=world()),
    Case("both", PERSISTENCE, URL, Status.PASSED, "2 in all", server=world(save="3600 1")),
    Case("could not write", PERSISTENCE, URL, Status.FAILED, "is 'err'",
         server=world(persistence=WRITING.replace("ok", "err", 1))),
    Case("another kind", PERSISTENCE, URL | {"kinds": ["tape"]}, Status.UNKNOWN, "names tape", server=world()),
    Case("hits enough", HITS, URL | {"percent": 60}, Status.PASSED, "is 60 %", server=world()),
    Case("hits too seldom", HITS, URL | {"percent": 61}, Status.FAILED, "wanted at least 61 %", server=world()),
    Case("too few lookups", HITS, URL | {"minimum_lookups": 101}, Status.UNKNOWN, "had 100 lookups", server=world()),
    Case("at the limit", MEMORY, URL, Status.PASSED, "is 80 %", server=world()),
    Case("above it", MEMORY, URL | {"percent": 79}, Status.FAILED, "is 80 %", server=world()),
    Case("of the machine's", MEMORY, URL, Status.PASSED, "is 8 %",
         server=world(memory="used_memory:80\r\nmaxmemory:0\r\ntotal_system_memory:1000\r\n")),
    Case("says nothing", MEMORY, URL, Status.UNKNOWN, "no field 'maxmemory'", server=world(memory="used_memory:80\r\n")),
    Case("in step", REPLICAS, URL, Status.PASSED, "is 1", server=world()),
    Case("too few", REPLICAS, URL | {"replicas": 2}, Status.FAILED, "is 1, wanted at least 2", server=world()),
    Case("a replica itself", REPLICAS, URL, Status.FAILED, "is 'slave'",
         server=world(replication="role:slave\r\nconnected_slaves:0\r\n")),
    Case("says nothing", REPLICAS, URL, Status.UNKNOWN, "no field", server=world(replication="role:master\r\n")),
    Case("as wished", SETTINGS, LRU, Status.PASSED, "is 'allkeys-lru'", server=world()),
    Case("another", SETTINGS, LRU, Status.FAILED, "is 'noeviction'", server=world(**{"maxmemory-policy": "noeviction"})),
    Case("not to be asked", SETTINGS, LRU, Status.UNKNOWN, "unknown command", server=DISABLED),
    Case("a secret", SETTINGS, URL | {"values": {"requirepass": "x"}}, Status.UNKNOWN, "hold a secret", server=world()),
    Case("every secret", SETTINGS, URL | {"values": {"require*": "x"}}, Status.UNKNOWN, "hold a secret", server=world()),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
