"""Grafana: it runs, has its dashboards and data sources, shows data, and shows it to nobody who is not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasks.connect.api import Api, Service
from tasks.core.answers import parsed
from tasks.core.dashboards import Question, questions
from tasks.core.errors import Absent
from tasks.core.judges import at_least as reached
from tasks.core.judges import equal, every, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

_SEARCH = "/api/search"


@check(remedy="curl -isS <url>/api/health")
def healthy(api: Api, *, url: str, key: str = "", scheme: str = "Bearer") -> Verdict:
    """Grafana runs and reaches its database.

    ``url`` is its base address, ``key`` a reference to a service account's token. Reads ``/api/health``.

    Example:
        check: grafana.healthy
        with: {url: "https://grafana.example.com"}

    """
    return equal(f"Database of {url}", api.at(url, key, scheme).json("/api/health")["database"], "ok")


@check(remedy="Import the dashboards that the sentence names: Grafana, Dashboards, New, Import.")
def dashboards_exist(api: Api, *, url: str, dashboards: list[str], key: str = "", scheme: str = "Bearer") -> Verdict:
    """Every dashboard is there and has a panel.

    ``dashboards`` are titles or UIDs. Reads ``/api/search`` and each dashboard.

    Example:
        check: grafana.dashboards_exist
        with: {url: "https://grafana.example.com", key: "env:GRAFANA_TOKEN", dashboards: [Application overview]}

    """
    service = api.at(url, key, scheme)

    def there(name: str) -> Verdict:
        dashboard = _dashboard(service, name)
        panels = dashboard.get("panels") or dashboard.get("rows")
        return passed(f"Dashboard {name} has panels.") if panels else failed(f"Dashboard {name} has no panel.")

    return every("dashboard", dashboards, there)


@check(remedy="Open the dashboard, edit the panels that the sentence names, and run their queries.")
def dashboard_has_data(
    api: Api,
    *,
    url: str,
    dashboards: list[str],
    variables: dict[str, str] | None = None,
    at_least: int = 1,
    key: str = "",
    scheme: str = "Bearer",
) -> Verdict:
    """On every dashboard panels show a value now.

    Asks what the panels ask of Prometheus, through Grafana's own data source, so that its address and its rights are proven
    too. ``dashboards`` are titles or UIDs; ``variables`` are values for the dashboards' variables, else their current ones
    count; ``at_least`` is how many panels must show something. Panels of other data sources do not count.

    Example:
        check: grafana.dashboard_has_data
        with: {url: "https://grafana.example.com", key: "env:GRAFANA_TOKEN", dashboards: [Application overview], at_least: 3}

    """
    service = api.at(url, key, scheme)

    def shows(name: str) -> Verdict:
        asked = questions(_dashboard(service, name), variables or {})
        if not asked:
            return unknown(f"Dashboard {name} has no panel that asks Prometheus, so nothing could be judged.")
        panels = {each.panel: False for each in asked}
        for each in asked:
            panels[each.panel] |= _answered(service, each)
        empty = [panel for panel, full in panels.items() if not full]
        told = f"Number of the {len(panels)} panels of dashboard {name} with a value"
        return reached(f"{told} (none in {listed(empty)})" if empty else told, len(panels) - len(empty), at_least)

    return every("dashboard", dashboards, shows)


@check(remedy="Grafana, Connections, Data sources, <name>, Save & test.")
def datasources_healthy(
    api: Api, *, url: str, datasources: list[str] | None = None, key: str = "", scheme: str = "Bearer"
) -> Verdict:
    """Every data source is there and Grafana reaches it.

    ``datasources`` are names; none named: all there are. Reads ``/api/datasources`` and the health of each.

    Example:
        check: grafana.datasources_healthy
        with: {url: "https://grafana.example.com", key: "env:GRAFANA_TOKEN", datasources: [Prometheus, Loki]}

    """
    service = api.at(url, key, scheme)
    known = {each["name"]: each["uid"] for each in service.json("/api/datasources")}

    def healthy_one(name: str) -> Verdict:
        if name not in known:
            return failed(f"Grafana has no data source named {name}.")
        response = service.response(f"/api/datasources/uid/{known[name]}/health")
        if response.status == 404:
            return unknown(f"Data source {name} cannot tell of its health; look at it in Grafana.")
        told = parsed(response.text, f"The health of data source {name}")
        if response.status == 200 and told["status"] == "OK":
            return passed(f"Data source {name} is reached.")
        return failed(f"Data source {name} is not reached: {told.get('message', 'no reason given')}.")

    return every("data source", known if datasources is None else datasources, healthy_one)


@check(remedy="Set auth.anonymous.enabled = false in grafana.ini.")
def access_restricted(api: Api, *, url: str) -> Verdict:
    """Grafana shows its dashboards to nobody who does not sign in.

    Reads ``/api/search`` without any proof of who asks, after ``/api/health``, which everybody may read.

    Example:
        check: grafana.access_restricted
        with: {url: "https://grafana.example.com"}

    """
    service = api.at(url)
    service.json("/api/health")
    status = service.response(_SEARCH).status
    if status in (401, 403):
        return passed(f"{url} refuses who does not sign in, with {status}.")
    if status == 200:
        return failed(f"{url} shows its dashboards to everybody.")
    return unknown(f"{url} answered {status} to one who did not sign in, which says neither yes nor no.")


def _dashboard(service: Service, name: str) -> Mapping[str, Any]:
    """The dashboard by title or UID. Raises ``Absent`` without one."""
    known = service.json(_SEARCH, type="dash-db", limit=5000)
    uids = [each["uid"] for each in known if name in (each["title"], each["uid"])]
    if not uids:
        raise Absent(f"Grafana has no dashboard '{name}'.")
    found: Mapping[str, Any] = service.json(f"/api/dashboards/uid/{uids[0]}")["dashboard"]
    return found


def _answered(service: Service, asked: Question) -> bool:
    """Whether the panel's query has a value now."""
    source = asked.source or _default(service)
    data = service.json(f"/api/datasources/proxy/uid/{source}/api/v1/query", query=asked.query)["data"]
    return bool(data["result"])


def _default(service: Service) -> str:
    known = service.json("/api/datasources")
    found = [each["uid"] for each in known if each["type"] == "prometheus"]
    default = [each["uid"] for each in known if each.get("isDefault") and each["uid"] in found]
    if not found:
        raise Absent("Grafana has no data source of Prometheus.")
    return str((default or found)[0])
