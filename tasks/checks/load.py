"""Load tests: their results, beside limits and beside earlier ones; and a small probe of one's own."""

from __future__ import annotations

from tasks.connect.files import Files
from tasks.connect.load import Load
from tasks.core.judges import at_least, at_most, recent
from tasks.core.load_results import LoadResult, load_result
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, unknown, worst

_ALWAYS_ACCEPTED_PERCENT = 0.1
_LEFT = "The probe's requests in the logs and figures of the service."


@check(remedy="Run the load test again, and look at what is slow or fails under load.")
def result_meets(
    files: Files,
    *,
    path: str,
    p95_ms: float = 0,
    error_percent: float = 1,
    minimum_requests: int = 1,
    minimum_users: int = 0,
    maximum_age_hours: float = 168,
) -> Verdict:
    """The load test is recent, was large enough, and the system stayed fast and right in it.

    ``path`` is a result relative to the workspace: k6's summary JSON, Locust's _stats.csv, JMeter's statistics.json, or JSON
    with requests, failures, p95_ms, users and finished. ``p95_ms`` is the longest 95th percentile in milliseconds, 0: not
    judged; ``error_percent`` the largest share of failed requests; ``minimum_users`` how many users at once there must have
    been, for results that tell it; ``maximum_age_hours`` how old it may be, by its own moment, else by the file's. Reads the
    file.

    Example:
        check: load.result_meets
        with: {path: toombos/reports/load.json, p95_ms: 500, error_percent: 0.1, minimum_requests: 1000}

    """
    seen = load_result(files.text(path))
    verdicts = _judged(path, seen, p95_ms, error_percent, minimum_requests)
    if minimum_users:
        verdicts.append(at_least(f"Number of users at once in {path}", seen.users, minimum_users))
    ended = seen.finished or files.changed(path)
    return worst([*verdicts, recent(f"The load test in {path}", ended, files.now, maximum_age_hours)])


@check(remedy="Compare the two results, and look at what was changed between them.")
def within_baseline(files: Files, *, path: str, baseline: str, percent: float = 10) -> Verdict:
    """The system is hardly slower, and fails hardly more often, than in the load test it is compared with.

    ``path`` and ``baseline`` are results as load.result_meets reads them; ``percent`` is how much larger the 95th percentile
    and the share of failed requests may have become; 0.1 % of failed requests is always accepted. Reads both files.

    Example:
        check: load.within_baseline
        with: {path: toombos/reports/load.json, baseline: toombos/reports/load-1.0.0.json, percent: 10}

    """
    now, then = load_result(files.text(path)), load_result(files.text(baseline))
    if not now.requests or not then.requests:
        return unknown(f"{path if not now.requests else baseline} has no request, so nothing can be compared.")
    longest = round(then.p95_ms * (1 + percent / 100), 1)
    most = max(_ALWAYS_ACCEPTED_PERCENT, round(then.error_percent * (1 + percent / 100), 3))
    return worst(
        [
            at_most(f"95th percentile in {path}, {then.p95_ms:g} ms in {baseline},", round(now.p95_ms, 1), longest, "ms"),
            at_most(f"Failed requests in {path}", round(now.error_percent, 3), most, "%"),
        ]
    )


@check(remedy="Look at the service's own figures for the time of the probe.", leaves=_LEFT)
def probe_meets(
    load: Load, *, url: str, users: int = 5, seconds: float = 10, p95_ms: float = 500, error_percent: float = 1
) -> Verdict:
    """The service stays fast and right while a few users ask it at once.

    No load test, but what one would notice at once: a service that answers a single request and no five of them.
    ``users`` is how many ask at the same time, 1 to 50, for ``seconds``, 1 to 60; answers of the 400s and 500s and none at all
    are failures. Asks GET of ``url`` over and over.

    Example:
        check: load.probe_meets
        with: {url: "https://api.example.com/health", users: 10, seconds: 10, p95_ms: 300}

    """
    seen = load.probe(url, users, seconds)
    if seen.requests == seen.failures:
        return failed(f"Not one of {seen.requests} requests to {url} was answered well.")
    return worst(_judged(url, seen, p95_ms, error_percent, users))


def _judged(what: str, seen: LoadResult, p95_ms: float, error_percent: float, minimum_requests: int) -> list[Verdict]:
    verdicts = [
        at_least(f"Number of requests in {what}", seen.requests, max(1, minimum_requests)),
        at_most(f"Failed requests in {what}", round(seen.error_percent, 3), error_percent, "%"),
    ]
    slow = [at_most(f"95th percentile in {what}", round(seen.p95_ms, 1), p95_ms, "ms")] if p95_ms else []
    return verdicts + slow
