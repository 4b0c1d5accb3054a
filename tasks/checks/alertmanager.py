"""Alertmanager: it runs, knows whom to tell of what, tells them, and has nothing to tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tasks.connect.api import Api, Service
from tasks.connect.prometheus import yaml_of
from tasks.core.alert_routes import integrations, receivers_for
from tasks.core.judges import every, includes, none
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown, worst

_CONFIGURATION = "amtool config show --alertmanager.url=<url>"


@check(remedy="curl -isS <url>/-/ready")
def ready(api: Api, *, url: str, key: str = "", scheme: str = "Bearer") -> Verdict:
    """Alertmanager is ready, and its cluster has settled.

    Alerts that reach one that is not ready are lost or told late. ``url`` is its base address, ``key`` a reference to what
    proves who asks. Reads ``/-/ready`` and ``/api/v2/status``.

    Example:
        check: alertmanager.ready
        with: {url: "https://alertmanager.example.com"}

    """
    service = api.at(url, key, scheme)
    service.text("/-/ready")
    cluster = service.json("/api/v2/status")["cluster"]["status"]
    if cluster not in ("ready", "disabled"):
        return failed(f"The cluster of {url} is '{cluster}', wanted 'ready'.")
    return passed(f"{url} is ready.")


@check(remedy=_CONFIGURATION)
def receivers_configured(
    api: Api,
    *,
    url: str,
    receivers: list[str] | None = None,
    kinds: list[str] | None = None,
    key: str = "",
    scheme: str = "Bearer",
) -> Verdict:
    """The receivers are there, and people are told in the wished ways.

    ``receivers`` are names; ``kinds`` are ways of telling such as pagerduty, slack, email, webhook, each of which at least one
    receiver must use. Reads the configuration in ``/api/v2/status``.

    Example:
        check: alertmanager.receivers_configured
        with: {url: "https://alertmanager.example.com", kinds: [pagerduty, slack]}

    """
    if not receivers and not kinds:
        return unknown("The item does not say which receivers to look for.")
    known = {each["name"]: integrations(each) for each in _configuration(api.at(url, key, scheme)).get("receivers") or ()}
    silent = [name for name in receivers or () if name in known and not known[name]]
    verdicts = [includes(f"Receivers of {url}", known, receivers)] if receivers else []
    verdicts += [none("receivers that tell nobody", silent, len(receivers))] if receivers else []
    verdicts += [includes(f"Ways of telling of {url}", set().union(*known.values()), kinds)] if kinds else []
    return worst(verdicts)


@check(remedy="amtool config routes test --alertmanager.url=<url> <label>=<value>")
def routes_lead_to(
    api: Api, *, url: str, labels: dict[str, str], receiver: str, key: str = "", scheme: str = "Bearer"
) -> Verdict:
    """An alert with these labels goes to the receiver, and the receiver tells somebody.

    Walks the routes of the configuration in ``/api/v2/status`` as Alertmanager does. ``labels`` are those of the alert.

    Example:
        check: alertmanager.routes_lead_to
        with: {url: "https://alertmanager.example.com", labels: {severity: critical}, receiver: pagerduty}

    """
    configuration = _configuration(api.at(url, key, scheme))
    reached = receivers_for(configuration["route"], labels)
    told = ", ".join(f"{name}={value}" for name, value in labels.items())
    known = {each["name"]: integrations(each) for each in configuration.get("receivers") or ()}
    if receiver in reached and not known.get(receiver):
        return failed(f"Alerts with {told} go to {receiver}, which tells nobody.")
    return includes(f"The route of alerts with {told} (to {', '.join(reached)})", reached, [receiver])


@check(remedy="amtool alert query --alertmanager.url=<url>")
def alerts_quiet(
    api: Api,
    *,
    url: str,
    labels: dict[str, str] | None = None,
    except_alerts: list[str] | None = None,
    key: str = "",
    scheme: str = "Bearer",
) -> Verdict:
    """No alert is active; those that are silenced or inhibited do not count.

    Reads ``/api/v2/alerts``, after ``/-/ready``. ``labels`` narrow to alerts that have them; ``except_alerts`` are names of
    alerts that are always there, such as Watchdog.

    Example:
        check: alertmanager.alerts_quiet
        with: {url: "https://alertmanager.example.com", labels: {severity: critical}, except_alerts: [Watchdog]}

    """
    service = api.at(url, key, scheme)
    service.text("/-/ready")
    ringing = [each["alertname"] for each in _active(service, labels or {}) if each["alertname"] not in (except_alerts or ())]
    return (
        failed(f"{len(ringing)} alerts are active: {', '.join(ringing[:10])}.")
        if ringing
        else passed(f"{url} has no active alert.")
    )


@check(remedy="amtool alert add alertname=<alert> --alertmanager.url=<url>")
def alert_arrived(
    api: Api, *, url: str, alert: str, labels: dict[str, str] | None = None, key: str = "", scheme: str = "Bearer"
) -> Verdict:
    """The alert has reached Alertmanager and is active: a test alert on its way to people.

    Reads ``/api/v2/alerts``. ``labels`` narrow to alerts that have them.

    Example:
        check: alertmanager.alert_arrived
        with: {url: "https://alertmanager.example.com", alert: ReleaseTest}

    """
    found = [each for each in _active(api.at(url, key, scheme), labels or {}) if each["alertname"] == alert]
    return passed(f"Alert {alert} is active in {url}.") if found else failed(f"Alert {alert} is not active in {url}.")


@check(remedy="Look for 'Notify for alerts failed' in the log of Alertmanager.")
def notifications_delivered(api: Api, *, url: str, integrations: list[str], key: str = "", scheme: str = "Bearer") -> Verdict:
    """Each way of telling people was used since Alertmanager started, and never failed.

    A token that has expired shows here, and otherwise in the night when nobody is told.
    Reads its own metrics, ``/metrics``; ``integrations`` are names such as slack, email, pagerduty, webhook.

    Example:
        check: alertmanager.notifications_delivered
        with: {url: "https://alertmanager.example.com", integrations: [slack, email]}

    """
    text = api.at(url, key, scheme).text("/metrics")
    sent, lost = (_counted(text, f"alertmanager_notifications_{name}total") for name in ("", "failed_"))

    def delivered(name: str) -> Verdict:
        if lost.get(name):
            return failed(f"{lost[name]:g} of {sent.get(name, 0):g} notifications by {name} failed.")
        if not sent.get(name):
            return failed(f"Nobody was told by {name} yet, so nothing shows that it works; send a test alert.")
        return passed(f"{sent[name]:g} notifications went out by {name}.")

    return every("integration", integrations, delivered)


def _configuration(service: Service) -> Any:
    return yaml_of(service.json("/api/v2/status")["config"]["original"], f"The configuration of {service.url}")


def _active(service: Service, labels: Mapping[str, str]) -> list[Mapping[str, str]]:
    found = service.json("/api/v2/alerts", active="true", silenced="false", inhibited="false")
    every_one = [each["labels"] for each in found if each["status"]["state"] == "active"]
    return [each for each in every_one if all(each.get(name) == value for name, value in labels.items())]


def _counted(text: str, metric: str) -> dict[str, float]:
    """The counter's sum for each integration."""
    found: dict[str, float] = {}
    for name, value in re.findall(rf'^{metric}\{{[^}}]*\bintegration="([^"]+)"[^}}]*\}} (\S+)', text, re.MULTILINE):
        found[name] = found.get(name, 0) + float(value)
    return found
