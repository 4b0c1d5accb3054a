"""Telling users on the status page, by Atlassian Statuspage's API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from tasks.connect.api_writer import ApiWriter, ServiceWriter
from tasks.core.registry import Done, Settled, action

_HOME = "https://api.statuspage.io"


def before(api: ApiWriter, *, page: str, key: str, base_url: str = _HOME, **_rest: Any) -> dict[str, Any]:
    """The incidents that are open: ``{"open": [ID, …]}``."""
    return {"open": [str(each["id"]) for each in _open(_service(api, key, base_url), page)]}


def settled(
    api: ApiWriter, *, before: Mapping[str, Any], page: str, name: str, key: str, base_url: str = _HOME, **_rest: Any
) -> Settled:
    """Done when an incident of that name has come since."""
    return "done" if _since(_service(api, key, base_url), page, name, before) else "not done"


def undo(
    api: ApiWriter, *, before: Mapping[str, Any], page: str, name: str, key: str, base_url: str = _HOME, **_rest: Any
) -> str:
    """Resolve what was announced, and say that the change was taken back."""
    service = _service(api, key, base_url)
    came = _since(service, page, name, before)
    for incident in came:
        _resolve(service, page, incident, "The change was taken back; everything is as it was before.")
    return f"'{name}' is resolved on the status page." if came else f"'{name}' is not open on the status page."


@action(
    remedy="Open the status page's administration, and write the incident there.",
    before=before,
    settled=settled,
    undo=undo,
)
def announce(
    api: ApiWriter,
    *,
    page: str,
    name: str,
    message: str,
    key: str,
    status: Literal["investigating", "identified", "monitoring"] = "monitoring",
    components: list[str] | None = None,
    component_status: Literal["under_maintenance", "degraded_performance", "operational"] = "under_maintenance",
    base_url: str = _HOME,
) -> Done:
    """Announce the deployment on the status page.

    ``page`` is the page's ID, ``name`` the headline, ``message`` the text, ``components`` are the IDs of those that get
    ``component_status``; ``key`` is a reference to an API key. statuspage.resolve ends it; undone by resolving it with the
    word that the change was taken back. Facts: incident.

    Example:
        action: statuspage.announce
        with: {page: kctbh9vrtdwd, name: Release 1.4.0, message: "We are releasing 1.4.0.", key: "env:STATUSPAGE_KEY"}

    """
    states = dict.fromkeys(components or (), component_status)
    body = {"incident": {"name": name, "status": status, "body": message, "components": states}}
    made = _service(api, key, base_url).send("POST", f"/v1/pages/{page}/incidents", body)
    return Done(f"The status page shows '{name}'.", {"incident": str(made["id"])})


def resolved(
    api: ApiWriter,
    *,
    before: Mapping[str, Any],  # noqa: ARG001  the end is told from what there is now
    page: str,
    name: str,
    key: str,
    base_url: str = _HOME,
    **_rest: Any,
) -> Settled:
    """Done when no incident of that name is open."""
    return "not done" if _named(_open(_service(api, key, base_url), page), name) else "done"


@action(
    remedy="Open the status page's administration, and resolve the incident there.",
    settled=resolved,
    irreversible="A resolved incident stays in the page's history; announce a new one.",
)
def resolve(api: ApiWriter, *, page: str, name: str, message: str, key: str, base_url: str = _HOME) -> Done:
    """Resolve on the status page what was announced.

    ``page`` is the page's ID, ``name`` the headline it was announced under, ``message`` the last word; ``key`` is a reference
    to an API key.

    Example:
        action: statuspage.resolve
        with: {page: kctbh9vrtdwd, name: Release 1.4.0, message: "1.4.0 is live.", key: "env:STATUSPAGE_KEY"}

    """
    service = _service(api, key, base_url)
    found = _named(_open(service, page), name)
    for incident in found:
        _resolve(service, page, incident, message)
    return Done(f"'{name}' is resolved on the status page." if found else f"'{name}' was not open on the status page.")


def _service(api: ApiWriter, key: str, base_url: str) -> ServiceWriter:
    return api.at(base_url, key, "OAuth")


def _open(service: ServiceWriter, page: str) -> list[Any]:
    found: list[Any] = service.send("GET", f"/v1/pages/{page}/incidents/unresolved")
    return found


def _named(incidents: list[Any], name: str) -> list[str]:
    return [str(each["id"]) for each in incidents if each["name"] == name]


def _since(service: ServiceWriter, page: str, name: str, before: Mapping[str, Any]) -> list[str]:
    return [each for each in _named(_open(service, page), name) if each not in before["open"]]


def _resolve(service: ServiceWriter, page: str, incident: str, message: str) -> None:
    service.send("PATCH", f"/v1/pages/{page}/incidents/{incident}", {"incident": {"status": "resolved", "body": message}})
