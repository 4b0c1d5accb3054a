"""Results of load tests: k6's summary, Locust's statistics, JMeter's dashboard, and a plain JSON of one's own."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tasks.core.errors import Malformed
from tasks.core.moments import moment


@dataclass(frozen=True)
class LoadResult:
    """Requests, how many of them failed, the 95th percentile in milliseconds; users and end where the result says so."""

    requests: int
    failures: int
    p95_ms: float
    users: int | None = None
    finished: datetime | None = None

    @property
    def error_percent(self) -> float:
        """The share of requests that failed, in percent; all of them when there was none."""
        return 100 * self.failures / self.requests if self.requests else 100.0


def load_result(text: str) -> LoadResult:
    """What the file tells, whichever of the four kinds it is. Raises ``Malformed``."""
    try:
        if not text.lstrip().startswith("{"):
            return _locust(text)
        content = json.loads(text)
        if "metrics" in content:
            return _k6(content["metrics"])
        return _jmeter(content["Total"]) if "Total" in content else _own(content)
    except (AttributeError, KeyError, TypeError, ValueError, StopIteration) as error:
        raise Malformed(f"The file is no result of a load test that is known: {error!r}.") from error


def p95(milliseconds: list[float]) -> float:
    """The 95th percentile: the smallest value that 95 of 100 do not exceed. Raises ``ValueError`` for no value."""
    if not milliseconds:
        raise ValueError("no request was answered")
    ordered = sorted(milliseconds)
    return ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]


def _k6(metrics: Mapping[str, Any]) -> LoadResult:
    """Both of k6's shapes: --summary-export has the values beside each metric's name, handleSummary one level deeper."""
    plain = {name: each.get("values", each) for name, each in metrics.items()}
    requests = int(plain["http_reqs"]["count"])
    failing = plain["http_req_failed"]
    share = failing["rate"] if "rate" in failing else failing["value"]
    users = plain.get("vus_max", {})
    most = users.get("max", users.get("value"))
    return LoadResult(
        requests, round(requests * share), float(plain["http_req_duration"]["p(95)"]), None if most is None else int(most)
    )


def _locust(text: str) -> LoadResult:
    total = next(row for row in csv.DictReader(io.StringIO(text)) if row["Name"] == "Aggregated")
    return LoadResult(int(total["Request Count"]), int(total["Failure Count"]), float(total["95%"]))


def _jmeter(total: Mapping[str, Any]) -> LoadResult:
    return LoadResult(int(total["sampleCount"]), int(total["errorCount"]), float(total["pct2ResTime"]))


def _own(content: Mapping[str, Any]) -> LoadResult:
    users = content.get("users")
    return LoadResult(
        int(content["requests"]),
        int(content["failures"]),
        float(content["p95_ms"]),
        None if users is None else int(users),
        moment(content["finished"]),
    )
