"""The page that tells users how the system is."""

from __future__ import annotations

from tasks.connect.api import Api
from tasks.core.answers import record
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed


@check(remedy="Open the status page, and resolve or update its incidents.")
def shows(api: Api, *, url: str, indicators: list[str] | None = None) -> Verdict:
    """The status page answers, and shows what it should.

    ``url`` is the page's address; ``indicators`` are those of none, minor, major, critical and maintenance that it may show,
    none unless said otherwise. Reads /api/v2/status.json, as Atlassian Statuspage and its kin serve it.

    Example:
        check: statuspage.shows
        with: {url: "https://status.example.com", indicators: [none, maintenance]}

    """
    status = record(record(api.at(url).json("/api/v2/status.json"), f"The answer of {url}")["status"], "'status'")
    wanted = indicators or ["none"]
    verdict = passed if status["indicator"] in wanted else failed
    return verdict(f"{url} shows '{status['description']}' ({status['indicator']}), wanted {' or '.join(wanted)}.")
