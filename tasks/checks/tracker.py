"""The issue tracker: what is known to be wrong with what is released."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import quote

from tasks.connect.api import Api
from tasks.core.answers import records
from tasks.core.judges import listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

_HOMES = {"github": "https://api.github.com", "gitlab": "https://gitlab.com/api/v4"}
_PAGE = 100


@check(remedy="Close what is solved, mend what is not, or take the label off with a reason.")
def open_issues_at_most(
    api: Api,
    *,
    repository: str,
    labels: list[str],
    at_most: int = 0,
    key: str = "",
    service: Literal["github", "gitlab"] = "github",
    base_url: str = "",
) -> Verdict:
    """No more issues with one of the labels are open than are accepted.

    ``repository`` is owner/name; an issue counts when it has any of ``labels``, each of which must exist: a label that was
    misspelt finds nothing; ``at_most`` is less than 100; ``key`` is a reference to a token that may read. ``base_url`` is the
    API of a server of one's own. Reads the labels and the open issues; pull requests do not count.

    Example:
        check: tracker.open_issues_at_most
        with: {repository: acme/shop, labels: [critical, blocker], key: "env:GITHUB_TOKEN"}

    """
    if not labels or at_most >= _PAGE:
        return unknown(f"The item does not say which of the issues of {repository} count, or accepts {_PAGE} or more.")
    ask = api.at(base_url or _HOMES[service], key)
    place = f"/repos/{repository}" if service == "github" else f"/projects/{quote(repository, safe='')}"
    found: dict[str, Any] = {}
    for label in labels:
        ask.json(f"{place}/labels/{quote(label, safe='')}")
        state = "open" if service == "github" else "opened"
        answer = records(ask.json(f"{place}/issues", state=state, labels=label, per_page=_PAGE), "The answer about issues")
        found |= {str(each.get("number", each.get("iid"))): each for each in answer if "pull_request" not in each}
    told = f"{len(found)} issues of {repository} with {' or '.join(labels)} are open, wanted at most {at_most}"
    names = listed(f"#{number} {str(each['title'])[:60]}" for number, each in found.items())
    if len(found) > at_most:
        return failed(f"{told}: {names}.")
    return passed(f"{told}: {names}." if found else f"{told}.")
