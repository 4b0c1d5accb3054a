"""Loki: it runs, logs arrive, and they hold neither errors nor secrets nor more than they should.

``url`` is its base address, ``key`` a reference to what proves who asks, ``tenant`` whose logs they are where several share
one Loki.
"""

from __future__ import annotations

from tasks.connect.loki import Loki, containing
from tasks.core import judges, log_verdicts
from tasks.core.judges import every
from tasks.core.registry import check
from tasks.core.series import seconds, worst_of
from tasks.core.verdicts import Verdict, failed, passed, unknown

_LOGCLI = "logcli query --addr=<url> '<selector>'"
_ERRORS = ["error", "critical", "fatal"]
_MOST_ERRORS = 20
_MOST_LINES = 500


@check(remedy="curl -isS <url>/ready")
def ready(loki: Loki, *, url: str, key: str = "", scheme: str = "Bearer", tenant: str = "") -> Verdict:
    """Loki is ready to take and to give lines.

    Reads ``/ready``.

    Example:
        check: loki.ready
        with: {url: "https://loki.example.com"}

    """
    said = loki.at(url, key, scheme, tenant).ready().strip()
    return passed(f"{url} is ready.") if said == "ready" else failed(f"{url} is not ready: {said[:100]}.")


@check(remedy="Look into the log of what sends the lines (Promtail, Fluent Bit, the collector).")
def flowing(
    loki: Loki, *, url: str, selector: str, minutes: float = 15, key: str = "", scheme: str = "Bearer", tenant: str = ""
) -> Verdict:
    """A line of the last minutes has arrived.

    A log that stopped hides whatever went wrong since. ``selector`` is LogQL's, such as ``{app="api"}``; ``minutes`` is the
    longest silence that is accepted. Asks for the newest line.

    Example:
        check: loki.flowing
        with: {url: "https://loki.example.com", selector: '{app="api"}', minutes: 10}

    """
    if not loki.at(url, key, scheme, tenant).quoted(selector, minutes, 1):
        return failed(f"{selector} has no line of the last {minutes:g} minutes.")
    return passed(f"{selector} has lines of the last {minutes:g} minutes.")


@check(remedy=_LOGCLI)
def no_errors(
    loki: Loki,
    *,
    url: str,
    selector: str,
    patterns: list[str] = _ERRORS,
    minutes: float = 60,
    allow_empty: bool = False,
    key: str = "",
    scheme: str = "Bearer",
    tenant: str = "",
) -> Verdict:
    """No line of the last minutes holds a word of an error.

    ``patterns`` are words, whatever their case: ``[critical, fatal]`` for the gravest alone, ``[unauthorized]`` for
    failed sign-ins. The first lines found are quoted, without what looks like a secret. No line at all is unknown unless
    ``allow_empty``.

    Example:
        check: loki.no_errors
        with: {url: "https://loki.example.com", selector: '{app="api"}', patterns: [critical, fatal], minutes: 60}

    """
    if not patterns:
        return unknown("The item does not say which words to look for.")
    server = loki.at(url, key, scheme, tenant)
    if not server.quoted(selector, minutes, 1):
        return log_verdicts.silent(selector, minutes, allow_empty=allow_empty)
    lines = server.quoted(containing(selector, patterns), minutes, _MOST_ERRORS)
    return log_verdicts.no_line(
        f"{selector} of the last {minutes:g} minutes", ", ".join(patterns), len(lines), _MOST_ERRORS, lines
    )


@check(remedy="Take the value out of what the service writes, change the secret, and delete the lines from Loki.")
def no_secrets(
    loki: Loki, *, url: str, selector: str, minutes: float = 60, key: str = "", scheme: str = "Bearer", tenant: str = ""
) -> Verdict:
    """No line gives a secret away: a password, a key, a token.

    Whoever may read logs would hold it. Looks through the newest 500 lines for values beside such names, for shapes of keys
    and tokens, and for every secret that this process has read; none is quoted or kept.

    Example:
        check: loki.no_secrets
        with: {url: "https://loki.example.com", selector: '{app="api"}', minutes: 1440}

    """
    looked = loki.at(url, key, scheme, tenant).looked(selector, minutes, _MOST_LINES)
    return log_verdicts.no_exposure(selector, looked.lines, looked.exposures)


@check(remedy="Set the log level of the service, and restart it.")
def level_at_least(
    loki: Loki,
    *,
    url: str,
    selector: str,
    level: str = "info",
    minutes: float = 60,
    key: str = "",
    scheme: str = "Bearer",
    tenant: str = "",
) -> Verdict:
    """No line is below the level: nobody left debugging on.

    Debug lines cost money, and often tell what they should not. Looks at the newest 500 lines; ``level`` is trace, debug, info,
    warning, error or critical. Lines whose level nobody can tell do not count; without any other it is unknown.

    Example:
        check: loki.level_at_least
        with: {url: "https://loki.example.com", selector: '{app="api"}', level: info}

    """
    looked = loki.at(url, key, scheme, tenant).looked(selector, minutes, _MOST_LINES)
    return log_verdicts.level_at_least(selector, looked.levels, level)


@check(remedy="Set limits_config.retention_period, and compactor.retention_enabled: true.")
def retention_at_least(
    loki: Loki, *, url: str, days: float, key: str = "", scheme: str = "Bearer", tenant: str = ""
) -> Verdict:
    """Loki keeps lines for the wished number of days or longer, and does delete them some day.

    Reads ``/config``: ``limits_config.retention_period``, which counts only with ``compactor.retention_enabled``.

    Example:
        check: loki.retention_at_least
        with: {url: "https://loki.example.com", days: 30}

    """
    settings = loki.at(url, key, scheme, tenant).settings()
    if not settings["compactor"].get("retention_enabled"):
        return failed(f"{url} deletes nothing ever: compactor.retention_enabled is not set.")
    told = str(settings["limits_config"]["retention_period"])
    return judges.at_least(f"Retention of {url} ('{told}')", round(seconds(told) / 86400, 2), days, "days")


@check(remedy=_LOGCLI)
def report(
    loki: Loki,
    *,
    url: str,
    queries: dict[str, str],
    allow_empty: bool = False,
    key: str = "",
    scheme: str = "Bearer",
    tenant: str = "",
) -> Verdict:
    """What counts of lines say, for a person to judge: who asked most, what was refused.

    ``queries`` are LogQL that counts, by title, such as ``topk(5, sum by (ip) (count_over_time({app="api"} [24h])))``. Of
    each the ten highest are told. One without a value is unknown unless ``allow_empty``.

    Example:
        check: loki.report
        with:
          url: "https://loki.example.com"
          queries: {Failed sign-ins: 'sum by (ip) (count_over_time({app="api"} |= "401" [24h]))'}

    """
    server = loki.at(url, key, scheme, tenant).metrics

    def shown(pair: tuple[str, str]) -> Verdict:
        title, query = pair
        found = sorted((each for each in server.instant(query) if each.values), key=lambda each: -each.values[0])
        if worst_of(found, max) is None:
            return (passed if allow_empty else unknown)(f"{title}: no value.")
        return passed(f"{title}: {', '.join(f'{str(each) or title} {each.values[0]:g}' for each in found[:10])}.")

    return every("query", queries.items(), shown)
