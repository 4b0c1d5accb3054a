"""Trying out whether somebody is called, by PagerDuty's events API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasks.connect.api_writer import ApiWriter
from tasks.core.registry import Done, Settled, action

_HOME = "https://events.pagerduty.com"


def settled(_api: ApiWriter, *, before: Mapping[str, Any], **_arguments: Any) -> Settled:  # noqa: ARG001
    """Not done: an event with the same deduplication key calls nobody twice."""
    return "not done"


def undo(
    api: ApiWriter,
    *,
    before: Mapping[str, Any],  # noqa: ARG001  the key tells which alert is meant
    routing_key: str,
    name: str,
    base_url: str = _HOME,
    **_rest: Any,
) -> str:
    """Resolve the alert, if it is still open."""
    _send(api, base_url, {"routing_key": api.secret(routing_key), "event_action": "resolve", "dedup_key": name})
    return f"Test alert {name} is resolved."


@action(
    remedy="Look at the service's integration key and its escalation policy in PagerDuty.",
    settled=settled,
    undo=undo,
)
def send_test_event(
    api: ApiWriter, *, routing_key: str, name: str, summary: str, source: str = "deployment-gates", base_url: str = _HOME
) -> Done:
    """Send a test alert to whoever is on call, and resolve it at once.

    ``routing_key`` is a reference to the integration key of the service; ``name`` is the alert's deduplication key, so that it
    is one alert however often it is sent; ``summary`` is what the person reads. PagerDuty must accept the alert and its end.

    Example:
        action: oncall.send_test_event
        with: {routing_key: "env:PAGERDUTY_ROUTING_KEY", name: shop-1.4.0-test, summary: "Test before release 1.4.0: ignore."}

    """
    key = api.secret(routing_key)
    payload = {"summary": summary, "source": source, "severity": "info"}
    _send(api, base_url, {"routing_key": key, "event_action": "trigger", "dedup_key": name, "payload": payload})
    _send(api, base_url, {"routing_key": key, "event_action": "resolve", "dedup_key": name})
    return Done(f"Test alert {name} was accepted and resolved.")


def _send(api: ApiWriter, base_url: str, event: Mapping[str, Any]) -> None:
    api.at(base_url).send("POST", "/v2/enqueue", event)
