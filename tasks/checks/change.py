"""Changes that somebody outside the release must have approved."""

from __future__ import annotations

from tasks.connect.api import Api
from tasks.connect.references import Secrets
from tasks.core.registry import check
from tasks.core.settings_files import at
from tasks.core.verdicts import Verdict, failed, passed, unknown


@check(remedy="Have the change approved where it is kept, or name the right one.")
def approved(
    api: Api,
    secrets: Secrets,
    *,
    url: str,
    states: list[str] | None = None,
    field: str = "state",
    by_field: str = "",
    key: str = "",
    header: str = "Authorization",
    scheme: str = "Bearer",
) -> Verdict:
    """The change ticket is approved.

    ``url`` answers the ticket as JSON; ``field`` is the dotted name of its state there, such as fields.status.name for Jira or
    result.state for ServiceNow; ``states`` are those that let it be carried out, approved unless said otherwise, in large or
    small letters; ``by_field`` is where the approver's name stands. ``key`` is a reference, sent in ``header`` after
    ``scheme``. Asks GET.

    Example:
        check: change.approved
        with: {url: "https://jira.example.com/rest/api/2/issue/CHG-7", field: fields.status.name, states: [Approved]}

    """
    proof = {header: secrets.token(key, scheme if header == "Authorization" else "")} if key else {}
    ticket = api.at(url, headers=proof).json("")
    state = at(ticket, field)
    if not isinstance(state, str) or not state:
        return unknown(f"The ticket {url} does not tell its state in '{field}'.")
    wanted = states or ["approved"]
    by = str(at(ticket, by_field) or "") if by_field else ""
    told = f"The ticket {url} is '{state}'{f' by {by}' if by else ''}, wanted {' or '.join(wanted)}."
    good = state.lower() in {each.lower() for each in wanted}
    return passed(told, {"approved_by": by} if by else {}) if good else failed(told)
