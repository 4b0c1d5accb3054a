"""Who is called when something breaks, by PagerDuty's API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tasks.connect.api import Api, Service
from tasks.connect.references import Secrets
from tasks.core.answers import Answer, only, record, records
from tasks.core.judges import listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_HOME = "https://api.pagerduty.com"
_VERSION = "application/vnd.pagerduty+json;version=2"


@check(remedy="Put somebody into the schedule, or an override for the time of the release.")
def scheduled(api: Api, secrets: Secrets, *, schedule: str, key: str, hours: float = 4, base_url: str = _HOME) -> Verdict:
    """Somebody is on call now and for the hours of the release.

    ``schedule`` is the schedule's name; ``hours`` is for how long from now somebody must be; ``key`` is a reference to an API
    token that may read; ``base_url`` is another address of the same API. Reads /schedules and /oncalls.

    Example:
        check: oncall.scheduled
        with: {schedule: Platform, key: "env:PAGERDUTY_TOKEN"}

    """
    ask = _pagerduty(api, secrets, key, base_url)
    found = only("schedule", _list(ask.json("/schedules", query=schedule), "schedules"), "name", schedule)
    names: list[str] = []
    for moment in (api.now, api.now + timedelta(hours=hours)):
        at = moment.isoformat(timespec="seconds")
        until = (moment + timedelta(minutes=1)).isoformat(timespec="seconds")
        calls = _list(ask.json("/oncalls", **{"schedule_ids[]": str(found["id"]), "since": at, "until": until}), "oncalls")
        on_call = sorted({str(record(each["user"], "'user'")["summary"]) for each in calls})
        if not on_call:
            return failed(f"Nobody is on call in schedule {schedule} at {moment:%Y-%m-%d %H:%M} UTC.")
        names += on_call
    told = listed(dict.fromkeys(names))
    return passed(f"On call in schedule {schedule} for the next {hours:g} hours: {told}.", {"on_call": told})


@check(remedy="Add an integration to the service in PagerDuty, and give its key to the monitoring.")
def service_integrated(api: Api, secrets: Secrets, *, service: str, key: str, base_url: str = _HOME) -> Verdict:
    """The service is active, monitoring can reach it, and it calls somebody.

    ``service`` is the service's name; ``key`` is a reference to an API token that may read; ``base_url`` is another address of
    the same API. Reads /services with their integrations.

    Example:
        check: oncall.service_integrated
        with: {service: Kalendlytic, key: "env:PAGERDUTY_TOKEN"}

    """
    ask = _pagerduty(api, secrets, key, base_url)
    answer = ask.json("/services", **{"query": service, "include[]": "integrations"})
    found = only("service", _list(answer, "services"), "name", service)
    names = [str(each["summary"]) for each in _list(found, "integrations")]
    if found["status"] in ("disabled", "maintenance"):
        return failed(f"Service {service} is {found['status']}, so nobody is called.")
    if not names or not found.get("escalation_policy"):
        return failed(f"Service {service} has {'no integration' if not names else 'no escalation policy'}.")
    return passed(f"Service {service} is {found['status']} and is reached by {listed(names)}.")


def _list(content: Any, name: str) -> list[Answer]:
    return records(record(content, "The answer of PagerDuty")[name], f"'{name}'")


def _pagerduty(api: Api, secrets: Secrets, key: str, base_url: str) -> Service:
    return api.at(base_url, headers={"Authorization": f"Token token={secrets.value(key)}", "Accept": _VERSION})
