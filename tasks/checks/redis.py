"""Redis: it answers to those who know the password, keeps its data, and is of use as a cache.

``url`` is a reference to the address, such as ``env:REDIS_URL``; the address itself never stands in a checklist.
"""

from __future__ import annotations

from tasks.connect.redis import Redis
from tasks.core.judges import at_least, at_most, equal, every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown, worst

_INFO = "redis-cli -u <url> INFO"
_KINDS = ["aof", "rdb"]


@check(remedy="redis-cli -u <url> PING")
def answers(redis: Redis, *, url: str, within_seconds: float = 1) -> Verdict:
    """Redis answers in time.

    Sends PING on a fresh connection.

    Example:
        check: redis.answers
        with: {url: "env:REDIS_URL"}

    """
    server = redis.at(url)
    server.ask("PING")
    return at_most(f"Answer time of Redis at {url}", round(server.trail.readings[-1].seconds, 3), within_seconds, "s")


@check(remedy="Set requirepass, or users in an ACL file, and reload.")
def auth_required(redis: Redis, *, url: str) -> Verdict:
    """Redis refuses who does not know the password, and takes the one that we know.

    Whoever reaches an open Redis reads and deletes everything. Sends PING without and with what the address holds.

    Example:
        check: redis.auth_required
        with: {url: "env:REDIS_URL"}

    """
    server = redis.at(url)
    if not server.refuses_strangers():
        return failed(f"Redis at {url} answers to everybody.")
    server.ask("PING")
    return passed(f"Redis at {url} refuses who does not know the password.")


@check(remedy="redis-cli -u <url> CONFIG SET appendonly yes, and the same in redis.conf.")
def persistence_on(redis: Redis, *, url: str, kinds: list[str] = _KINDS) -> Verdict:
    """Redis writes its data to disk in one of the wished ways, and the last writing succeeded.

    ``kinds`` are aof (every change is appended) and rdb (all of it from time to time); one of them suffices. Reads
    INFO persistence, and CONFIG GET save.

    Example:
        check: redis.persistence_on
        with: {url: "env:REDIS_URL", kinds: [aof]}

    """
    server = redis.at(url)
    seen = server.info("persistence")
    on = {"aof": bool(seen["aof_enabled"])}
    if "rdb" in kinds:
        on["rdb"] = bool(server.settings("save").get("save"))
    written = {"aof": seen["aof_last_write_status"], "rdb": seen["rdb_last_bgsave_status"]}
    strange = [kind for kind in kinds if kind not in _KINDS]
    if strange or not kinds:
        return unknown(f"There are the ways {' and '.join(_KINDS)}; the item names {', '.join(strange) or 'none'}.")
    used = [kind for kind in kinds if on[kind]]
    if not used:
        return failed(f"Redis at {url} does not write its data to disk by {' or '.join(kinds)}.")
    return every("way of writing", used, lambda kind: equal(f"Last writing by {kind}", written[kind], "ok"))


@check(remedy=_INFO)
def hit_ratio_at_least(redis: Redis, *, url: str, percent: float = 50, minimum_lookups: int = 1) -> Verdict:
    """Most lookups find what they look for.

    A cache that never hits only costs time. Reads INFO stats, which counts since Redis started; fewer lookups than
    ``minimum_lookups`` are unknown.

    Example:
        check: redis.hit_ratio_at_least
        with: {url: "env:REDIS_URL", percent: 60, minimum_lookups: 100}

    """
    seen = redis.at(url).info("stats")
    hits, total = seen["keyspace_hits"], seen["keyspace_hits"] + seen["keyspace_misses"]
    if total < max(1, minimum_lookups):
        return unknown(f"Redis at {url} had {total} lookups, wanted {max(1, minimum_lookups)} to judge by.")
    return at_least(f"Share of the {total} lookups that hit", round(100 * hits / total, 1), percent, "%")


@check(remedy="redis-cli -u <url> CONFIG SET maxmemory <bytes>, a larger instance, or shorter times to live.")
def memory_below(redis: Redis, *, url: str, percent: float = 80) -> Verdict:
    """Redis uses at most such a share of the memory that it may use.

    Above it, it refuses writes or throws away what it should keep. Reads INFO memory; without maxmemory the machine's memory
    counts.

    Example:
        check: redis.memory_below
        with: {url: "env:REDIS_URL", percent: 80}

    """
    seen = redis.at(url).info("memory")
    most = seen["maxmemory"] or seen["total_system_memory"]
    share = round(100 * seen["used_memory"] / most, 1) if most else None
    return at_most(f"Share of memory that Redis at {url} uses", share, percent, "%")


@check(remedy=_INFO)
def replicas_connected(redis: Redis, *, url: str, replicas: int = 1) -> Verdict:
    """Enough replicas are connected and in step.

    Reads INFO replication of the primary.

    Example:
        check: redis.replicas_connected
        with: {url: "env:REDIS_URL", replicas: 1}

    """
    seen = redis.at(url).info("replication")
    told = [seen[f"slave{at}"] for at in range(seen["connected_slaves"])]
    online = [each for each in told if each["state"] == "online"]
    return worst([
        equal(f"Role of Redis at {url}", seen["role"], "master"),
        at_least("Number of replicas in step", len(online), replicas),
    ])  # fmt: skip


@check(remedy="redis-cli -u <url> CONFIG SET <setting> <value>, and the same in redis.conf.")
def settings_are(redis: Redis, *, url: str, values: dict[str, str]) -> Verdict:
    """Every setting of Redis has its value.

    Reads CONFIG GET once a setting; those that hold a secret cannot be asked for.

    Example:
        check: redis.settings_are
        with: {url: "env:REDIS_URL", values: {maxmemory-policy: allkeys-lru}}

    """
    server = redis.at(url)
    seen = server.settings(*values)
    return every("setting", values.items(), lambda pair: equal(f"Setting {pair[0]}", seen.get(pair[0]), str(pair[1])))
