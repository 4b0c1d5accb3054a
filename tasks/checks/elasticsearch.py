"""Logs in Elasticsearch or OpenSearch: they arrive, are kept, and hold neither errors nor secrets nor more than they should.

``url`` is the cluster's base address; ``key`` is a reference to what proves who asks, ``scheme`` how: ApiKey, Basic
(user:password), Bearer. ``index`` may be a pattern, ``query`` is Lucene's syntax, ``time_field`` holds a document's time.
"""

from __future__ import annotations

import re

from tasks.connect.elasticsearch import Elasticsearch, Lines
from tasks.core import judges, log_verdicts
from tasks.core.log_lines import LEVELS, below
from tasks.core.registry import check
from tasks.core.series import seconds
from tasks.core.verdicts import Verdict, failed, passed, unknown

_TIME = "@timestamp"
_ERRORS = "level:(error OR ERROR OR critical OR CRITICAL OR fatal OR FATAL)"
_MOST_ERRORS = 20
_MOST_LINES = 500
_HEALTH = ["red", "yellow", "green"]


@check(remedy="curl -sS '<url>/_cluster/health?pretty'")
def healthy(
    elasticsearch: Elasticsearch, *, url: str, at_least: str = "yellow", key: str = "", scheme: str = "ApiKey"
) -> Verdict:
    """The cluster is healthy enough: green, or yellow where a copy is missing and nothing is lost.

    Reads ``/_cluster/health``. ``at_least`` is yellow or green.

    Example:
        check: elasticsearch.healthy
        with: {url: "https://logs.example.com:9200", key: "env:ELASTIC_KEY"}

    """
    status = elasticsearch.at(url, key, scheme).ask("/_cluster/health")["status"]
    if status not in _HEALTH or at_least not in _HEALTH:
        return unknown(f"'{status}' and '{at_least}' cannot be compared; there are red, yellow and green.")
    good = _HEALTH.index(status) >= _HEALTH.index(at_least)
    return (passed if good else failed)(f"Health of {url} is {status}, wanted at least {at_least}.")


@check(remedy="Look into the log of what sends the documents (Filebeat, Fluent Bit, Logstash).")
def flowing(
    elasticsearch: Elasticsearch,
    *,
    url: str,
    index: str,
    minutes: float = 15,
    query: str = "",
    time_field: str = _TIME,
    key: str = "",
    scheme: str = "ApiKey",
) -> Verdict:
    """A document of the last minutes has arrived.

    A log that stopped hides whatever went wrong since. Counts by ``_search``.

    Example:
        check: elasticsearch.flowing
        with: {url: "https://logs.example.com:9200", index: "app-*", query: "service:api", minutes: 10}

    """
    lines = Lines(index, minutes, query, time_field)
    count = elasticsearch.at(url, key, scheme).count(lines)
    if not count:
        return failed(f"{lines} has no document of the last {minutes:g} minutes.")
    return passed(f"{lines} has {count} documents of the last {minutes:g} minutes.")


@check(remedy="curl -sS '<url>/<index>/_search?q=<query>&sort=@timestamp:desc&pretty'")
def no_errors(
    elasticsearch: Elasticsearch,
    *,
    url: str,
    index: str,
    query: str = _ERRORS,
    minutes: float = 60,
    time_field: str = _TIME,
    allow_empty: bool = False,
    key: str = "",
    scheme: str = "ApiKey",
) -> Verdict:
    """No document of the last minutes is an error.

    ``query`` says what an error is: ``level:critical`` for the gravest alone, ``status:401`` for failed sign-ins. The first
    that were found are quoted, without what looks like a secret. No document at all is unknown unless ``allow_empty``; so are
    documents none of which has a field that the query names, for then it could find nothing.

    Example:
        check: elasticsearch.no_errors
        with: {url: "https://logs.example.com:9200", index: "app-*", query: "level:(critical OR fatal)", minutes: 60}

    """
    cluster = elasticsearch.at(url, key, scheme)
    if not cluster.count(Lines(index, minutes, "", time_field)):
        return log_verdicts.silent(index, minutes, allow_empty=allow_empty)
    fields = sorted(set(re.findall(r"([\w.@]+):(?!//)", query)))
    either = " OR ".join(f"_exists_:{name}" for name in fields)
    if fields and not cluster.count(Lines(index, minutes, either, time_field)):
        return unknown(f"No document of {index} of the last {minutes:g} minutes has the field {' or '.join(fields)}.")
    found = cluster.quoted(Lines(index, minutes, query, time_field), _MOST_ERRORS)
    return log_verdicts.no_line(f"{index} of the last {minutes:g} minutes", query, len(found), _MOST_ERRORS, found)


@check(remedy="Take the value out of what the service writes, change the secret, and delete the documents.")
def no_secrets(
    elasticsearch: Elasticsearch,
    *,
    url: str,
    index: str,
    minutes: float = 60,
    query: str = "",
    time_field: str = _TIME,
    key: str = "",
    scheme: str = "ApiKey",
) -> Verdict:
    """No document gives a secret away: a password, a key, a token.

    Whoever may read logs would hold it. Looks through the newest 500 for values beside such names, for shapes of keys and
    tokens, and for every secret that this process has read; none is quoted or kept.

    Example:
        check: elasticsearch.no_secrets
        with: {url: "https://logs.example.com:9200", index: "app-*", minutes: 1440}

    """
    lines = Lines(index, minutes, query, time_field)
    looked_at, exposed = elasticsearch.at(url, key, scheme).exposed(lines, _MOST_LINES)
    return log_verdicts.no_exposure(str(lines), looked_at, exposed)


@check(remedy="Set the log level of the service, and restart it.")
def level_at_least(
    elasticsearch: Elasticsearch,
    *,
    url: str,
    index: str,
    level: str = "info",
    field: str = "level",
    minutes: float = 60,
    query: str = "",
    time_field: str = _TIME,
    key: str = "",
    scheme: str = "ApiKey",
) -> Verdict:
    """No document is below the level: nobody left debugging on.

    ``field`` holds the level; ``level`` is trace, debug, info, warning, error or critical. Counts by ``_search``; without any
    document that has the field it is unknown.

    Example:
        check: elasticsearch.level_at_least
        with: {url: "https://logs.example.com:9200", index: "app-*", level: info}

    """
    if level not in LEVELS:
        return unknown(f"'{level}' is no level; there are {', '.join(LEVELS)}.")
    cluster = elasticsearch.at(url, key, scheme)
    narrowed = f"({query}) AND " if query else ""
    words = " OR ".join(word for name in below(level) for word in (name, name.upper()))
    if not cluster.count(Lines(index, minutes, f"{narrowed}_exists_:{field}", time_field)):
        return unknown(f"No document of {index} of the last {minutes:g} minutes tells its {field}.")
    low = cluster.count(Lines(index, minutes, f"{narrowed}{field}:({words})", time_field)) if words else 0
    return (failed if low else passed)(f"{index} has {low} documents below {level} of the last {minutes:g} minutes.")


@check(remedy="curl -sS '<url>/_ilm/policy/<policy>?pretty'")
def retention_set(
    elasticsearch: Elasticsearch, *, url: str, policy: str, at_least_days: float, key: str = "", scheme: str = "ApiKey"
) -> Verdict:
    """The lifecycle policy keeps documents long enough, and deletes them some day.

    Reads ``/_ilm/policy/<policy>``: the age at which its phase ``delete`` begins. Traces that Jaeger keeps here have one too.

    Example:
        check: elasticsearch.retention_set
        with: {url: "https://logs.example.com:9200", policy: app-logs, at_least_days: 30}

    """
    phases = elasticsearch.at(url, key, scheme).ask(f"/_ilm/policy/{policy}")[policy]["policy"]["phases"]
    if "delete" not in phases:
        return failed(f"Policy {policy} deletes nothing ever.")
    told = str(phases["delete"]["min_age"])
    return judges.at_least(f"Retention of policy {policy} ('{told}')", round(seconds(told) / 86400, 2), at_least_days, "days")


@check(remedy="Open the index in Kibana, and look at who did it.")
def top_values(
    elasticsearch: Elasticsearch,
    *,
    url: str,
    index: str,
    field: str,
    query: str = "",
    minutes: float = 1440,
    top: int = 10,
    time_field: str = _TIME,
    key: str = "",
    scheme: str = "ApiKey",
) -> Verdict:
    """The field's most frequent values, for a person to judge: who asked most, what was refused.

    Counts by an aggregation of ``_search``; ``field`` must be a keyword, a number or an address. No document is unknown.

    Example:
        check: elasticsearch.top_values
        with: {url: "https://logs.example.com:9200", index: "access-*", field: client.ip, query: "status:401"}

    """
    lines = Lines(index, minutes, query, time_field)
    cluster = elasticsearch.at(url, key, scheme)
    found = cluster.top(lines, field, top)
    told = ", ".join(f"{value} ({count})" for value, count in found)
    if found:
        return passed(f"{field} of {lines}, of the last {minutes:g} minutes: {told}.")
    if query and cluster.count(Lines(index, minutes, "", time_field)):
        return passed(f"No document of {lines}, of the last {minutes:g} minutes.")
    return unknown(f"{index} has no document with {field} of the last {minutes:g} minutes.")
