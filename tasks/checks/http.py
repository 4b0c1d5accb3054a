"""HTTP services: they answer as they should."""

from __future__ import annotations

from tasks.connect.http import Http
from tasks.core.judges import at_most, equal, includes
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, worst

_LONGEST_WAIT = 10.0


@check(remedy="curl -isS -o - -w '%{time_total}' <url>")
def answers(http: Http, *, url: str, status: int = 200, contains: str = "", within_seconds: float = 5) -> Verdict:
    """The service answers with the wished status, text and speed.

    ``status`` is the HTTP status, redirects are not followed; ``contains`` is a text that the body must hold;
    ``within_seconds`` is the longest time for the whole answer. Asks GET once.

    Example:
        check: http.answers
        with: {url: "https://api.example.com/health", contains: ok, within_seconds: 1}

    """
    response = http.get(url, timeout_seconds=max(_LONGEST_WAIT, 2 * within_seconds))
    verdicts = [
        equal(f"Status of {url}", response.status, status),
        at_most(f"Answer time of {url}", round(response.seconds, 3), within_seconds, "s"),
    ]
    body = [contains] if contains in response.text else []
    return worst([*verdicts, includes(f"Body of {url}", body, [contains])] if contains else verdicts)
