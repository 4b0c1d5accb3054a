"""Continuous integration: what it says of the commit that is released."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from urllib.parse import quote

from tasks.connect.api import Api, Service
from tasks.core.answers import record, records
from tasks.core.judges import includes, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown, worst

_GOOD = frozenset({"success", "neutral", "skipped"})
_GOING_ON = frozenset(
    {"pending", "queued", "in_progress", "created", "running", "waiting", "waiting_for_resource", "preparing"}
)
_HOMES = {"github": "https://api.github.com", "gitlab": "https://gitlab.com/api/v4"}


@check(remedy="Open the commit's checks, mend what failed, and release the commit that has it mended.")
def status_green(
    api: Api,
    *,
    repository: str,
    commit: str,
    required: list[str] | None = None,
    key: str = "",
    service: Literal["github", "gitlab"] = "github",
    base_url: str = "",
) -> Verdict:
    """Everything that continuous integration checked of the commit succeeded.

    ``repository`` is owner/name, ``commit`` a commit, tag or branch; ``required`` are checks that must be among them; ``key``
    is a reference to a token that may read. ``base_url`` is the API of a server of one's own. Reads the commit's statuses and,
    of GitHub, its check runs; a commit without any is UNKNOWN, and so is one with checks that have not ended.

    Example:
        check: ci.status_green
        with: {repository: acme/shop, commit: v1.4.0, required: [test, lint], key: "env:GITHUB_TOKEN"}

    """
    ask = api.at(base_url or _HOMES[service], key)
    seen = _github(ask, repository, commit) if service == "github" else _gitlab(ask, repository, commit)
    if not seen:
        return unknown(f"Nothing was ever checked of {commit} of {repository}.")
    bad = [f"{name} ({state})" for name, state in seen.items() if state not in _GOOD | _GOING_ON]
    going_on = [name for name, state in seen.items() if state in _GOING_ON]
    if bad:
        return failed(f"{len(bad)} of {len(seen)} checks of {commit} of {repository} did not succeed: {listed(bad)}.")
    if going_on:
        return unknown(f"{len(going_on)} of {len(seen)} checks of {commit} of {repository} have not ended: {listed(going_on)}.")
    if not set(seen.values()) & {"success"}:
        return unknown(f"All {len(seen)} checks of {commit} of {repository} were skipped.")
    good = passed(f"All {len(seen)} checks of {commit} of {repository} succeeded: {listed(seen)}.")
    done = [name for name, state in seen.items() if state == "success"]
    return worst([good, includes(f"Successful checks of {commit}", done, required)]) if required else good


def _github(ask: Service, repository: str, commit: str) -> Mapping[str, str]:
    """The state of each check by its name: check runs of apps, and statuses that others set."""
    place = f"/repos/{repository}/commits/{quote(commit, safe='')}"
    told = record(ask.json(f"{place}/check-runs", per_page=100), "The answer about check runs")
    runs = records(told["check_runs"], "'check_runs'")
    told = record(ask.json(f"{place}/status", per_page=100), "The answer about statuses")
    statuses = records(told["statuses"], "'statuses'")
    found = {str(run["name"]): str(run["conclusion"] or run["status"]) for run in runs}
    return {**{str(each["context"]): str(each["state"]) for each in statuses}, **found}


def _gitlab(ask: Service, repository: str, commit: str) -> Mapping[str, str]:
    place = f"/projects/{quote(repository, safe='')}/repository/commits/{quote(commit, safe='')}/statuses"
    found = records(ask.json(place, per_page=100), "The answer about statuses")
    return {str(each["name"]): str(each["status"]) for each in found}
