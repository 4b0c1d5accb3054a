"""What queries of Prometheus answer: within limits, without gaps, no worse than before, or laid out for a person to judge.

``url`` is the base address of Prometheus, or of what speaks its language; ``key`` is a reference to what proves who asks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tasks.connect.prometheus import Prometheus, Server
from tasks.core import judges
from tasks.core.judges import every, listed
from tasks.core.registry import check
from tasks.core.series import Series, gaps, growth, outline, seconds, sparkline, worst_of
from tasks.core.verdicts import Verdict, failed, passed, unknown

_QUERY = "promtool query instant <url> '<query>'"
_TREND_POINTS = 48


@check(remedy=_QUERY)
def at_most(
    prometheus: Prometheus,
    *,
    url: str,
    query: str,
    limit: float,
    unit: str = "",
    minutes: float = 0,
    title: str = "",
    allow_empty: bool = False,
    key: str = "",
    scheme: str = "Bearer",
) -> Verdict:
    """What the query answers is at or below the limit, in every series.

    Response times, error rates, use of processor and memory: whatever PromQL can say. Without ``minutes`` the value now, with
    them the highest of that time and its curve. ``title`` stands for the query in sentences, ``unit`` is for them alone.
    No value, or none that is a number, is unknown unless ``allow_empty``.

    Example:
        check: promql.at_most
        with:
          url: "https://prometheus.example.com"
          query: histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{job="api"}[5m])))
          limit: 0.5
          unit: s
          title: 95th percentile of the response time

    """
    what = title or query
    found = _seen(prometheus.at(url, key, scheme), query, minutes)
    if allow_empty and not any(each.values for each in found):
        return passed(f"{what} has no value.")
    told, value = _worst(what, found, minutes, max)
    return judges.at_most(told, value, limit, unit)


@check(remedy=_QUERY)
def at_least(
    prometheus: Prometheus,
    *,
    url: str,
    query: str,
    limit: float,
    unit: str = "",
    minutes: float = 0,
    title: str = "",
    key: str = "",
    scheme: str = "Bearer",
) -> Verdict:
    """What the query answers is at or above the limit, in every series.

    Without ``minutes`` the value now, with them the lowest of that time and its curve. No value is unknown.

    Example:
        check: promql.at_least
        with: {url: "https://prometheus.example.com", query: 'min(up{job="api"})', limit: 1, minutes: 30}

    """
    told, value = _worst(title or query, _seen(prometheus.at(url, key, scheme), query, minutes), minutes, min)
    return judges.at_least(told, value, limit, unit)


@check(remedy="Look into the log of Prometheus, and of the target, at the times that the sentence names.")
def no_gaps(
    prometheus: Prometheus,
    *,
    url: str,
    query: str,
    minutes: float = 60,
    step_seconds: float = 60,
    key: str = "",
    scheme: str = "Bearer",
) -> Verdict:
    """No series misses values for longer than two steps in the last minutes.

    ``query`` selects series, such as ``up{job="api"}``; ``step_seconds`` is at least the scrape interval. Asks for the
    number of values in each step, for a plain query would show the last value for another five minutes.

    Example:
        check: promql.no_gaps
        with: {url: "https://prometheus.example.com", query: 'up{job="api"}', minutes: 60}

    """
    server = prometheus.at(url, key, scheme)
    found = server.over(f"count_over_time({query}[{step_seconds:g}s])", minutes, step_seconds)
    end = server.now.timestamp()

    def whole(each: Series) -> Verdict:
        missing = gaps([at for at, _ in each.points], end - minutes * 60, end, step_seconds)
        told = [
            f"{(after - before) / 60:.0f} minutes until {max(0, end - after) / 60:.0f} minutes ago" for before, after in missing
        ]
        if told:
            return failed(f"{str(each) or query} has no value for {listed(told)}.")
        return passed(f"{str(each) or query} has a value in every step of the last {minutes:g} minutes.")

    return every("series", found, whole)


@check(remedy=_QUERY)
def degraded_by_at_most(
    prometheus: Prometheus,
    *,
    url: str,
    query: str,
    percent: float = 50,
    offset: str = "1d",
    title: str = "",
    key: str = "",
    scheme: str = "Bearer",
) -> Verdict:
    """What the query answers is hardly higher than it was before the release.

    Asks the same query now and as of ``offset`` ago (30m, 1d, 1w) and compares the highest series of each; higher is worse.
    No value at either time, or 0 before, is unknown.

    Example:
        check: promql.degraded_by_at_most
        with: {url: "https://prometheus.example.com", query: "job:request_seconds:p95", percent: 50, offset: 1d}

    """
    server, what = prometheus.at(url, key, scheme), title or query
    now, before = (worst_of(server.instant(query, timedelta(seconds=ago)), max) for ago in (0, seconds(offset)))
    if now is None or before is None or not before[1]:
        return unknown(f"{what} has no value {'now' if now is None else f'as of {offset} ago'} to compare with.")
    told = f"{what} was {before[1]:.4g} as of {offset} ago and is {now[1]:.4g}, a change that"
    return judges.at_most(told, round(100 * (now[1] - before[1]) / abs(before[1]), 1), percent, "%")


@check(remedy="Look at the curve for longer; compare with the number of requests, and take a profile of the process.")
def not_growing(
    prometheus: Prometheus,
    *,
    url: str,
    query: str,
    percent: float = 10,
    hours: float = 24,
    title: str = "",
    key: str = "",
    scheme: str = "Bearer",
) -> Verdict:
    """No series is at the end much higher than it was in the beginning.

    Memory that grows all day ends the process some night. Compares the mean of the last quarter of ``hours`` with that of the
    first, in each series; ``percent`` is the growth that is accepted. Fewer than eight values of a series are unknown.

    Example:
        check: promql.not_growing
        with: {url: "https://prometheus.example.com", query: 'process_resident_memory_bytes{job="api"}', percent: 10, hours: 24}

    """
    found = prometheus.at(url, key, scheme).over(query, hours * 60, hours * 3600 / _TREND_POINTS)
    return every("series", found, lambda each: growth(f"{title or query}{_whose(each, found)}", each.values, percent))


@check(remedy=_QUERY)
def report(
    prometheus: Prometheus,
    *,
    url: str,
    queries: dict[str, str],
    hours: float = 24,
    allow_empty: bool = False,
    key: str = "",
    scheme: str = "Bearer",
) -> Verdict:
    """The curves of the last hours, for a person to judge.

    ``queries`` are PromQL by title. Of each the curve is told, with the lowest, the mean, the highest and the last value; of
    several series the one with the highest. One without a value is unknown unless ``allow_empty``.

    Example:
        check: promql.report
        with:
          url: "https://prometheus.example.com"
          queries: {Requests a second: "sum(rate(http_requests_total[5m]))", Errors a second: job:errors:rate5m}
          hours: 24

    """
    server = prometheus.at(url, key, scheme)

    def shown(pair: tuple[str, str]) -> Verdict:
        title, query = pair
        found = server.over(query, hours * 60)
        highest = worst_of(found, max)
        if highest is None:
            return (passed if allow_empty else unknown)(f"{title}: no value in the last {hours:g} hours.")
        return passed(f"{title}{_whose(highest[0], found)}: {outline(highest[0].values)}.")

    return every("query", queries.items(), shown)


def _seen(server: Server, query: str, minutes: float) -> list[Series]:
    return server.over(query, minutes) if minutes else server.instant(query)


def _worst(what: str, found: list[Series], minutes: float, extreme: Callable[[list[float]], float]) -> tuple[str, float | None]:
    """What a sentence tells of the worst series, and its worst value; None without any."""
    worst_one = worst_of(found, extreme)
    if worst_one is None:
        return what, None
    curve = f" ({sparkline(worst_one[0].values)}, the last {minutes:g} minutes)" if minutes else ""
    return f"{what}{_whose(worst_one[0], found)}{curve}", round(worst_one[1], 6)


def _whose(one: Series, found: list[Series]) -> str:
    return f" of {one}" if len(found) > 1 and str(one) else ""
