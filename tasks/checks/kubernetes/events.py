"""What the cluster complains of."""

from __future__ import annotations

from datetime import datetime, timedelta

from tasks.connect.kubernetes import Kubernetes
from tasks.core.answers import Answer
from tasks.core.errors import Malformed
from tasks.core.judges import none
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, passed


@check(permissions=("kubernetes:list v1/events",), remedy="kubectl events -n <namespace> --types=Warning")
def no_warnings(cluster: Kubernetes, *, namespace: str, minutes: int = 10, tolerated: list[str] | None = None) -> Verdict:
    """The namespace has had no warning for some minutes.

    Failed pulls, failed probes and evictions are told here first.
    Lists events of the namespace, which the cluster keeps for an hour; a namespace without any event passes, for that is
    how a quiet one looks, once it is known to exist. ``tolerated`` are reasons that do not count, such as Unhealthy.

    Example:
        check: kubernetes.events.no_warnings
        with: {namespace: shop, minutes: 15}

    """
    cluster.get("v1/namespaces", namespace)
    since = cluster.now - timedelta(minutes=minutes)
    events = cluster.objects("v1/events", namespace)
    recent = [
        f"{each['reason']} of {each['involvedObject']['kind']} {each['involvedObject'].get('name', '')}"
        for each in events
        if each["type"] != "Normal" and each["reason"] not in (tolerated or []) and _moment(each) >= since
    ]
    if not recent and not events:
        return passed(f"Namespace {namespace} has no event at all.")
    return none(f"warnings in namespace {namespace} in {minutes} minutes", recent, len(events))


def _moment(event: Answer) -> datetime:
    """When it last happened; which field says so depends on who wrote the event."""
    series = (event.get("series") or {}).get("lastObservedTime")
    text = series or event.get("lastTimestamp") or event.get("eventTime") or event["metadata"]["creationTimestamp"]
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise Malformed(f"An event's time '{text}' is no time.") from error
