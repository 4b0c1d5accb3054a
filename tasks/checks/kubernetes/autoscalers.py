"""Horizontal autoscalers: they know the load and may act on it."""

from __future__ import annotations

from tasks.connect.kubernetes import Kubernetes
from tasks.core.judges import equal, every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown, worst
from tasks.core.workloads import condition

_AUTOSCALERS = "autoscaling/v2/horizontalpodautoscalers"


@check(permissions=(f"kubernetes:list {_AUTOSCALERS}",), remedy="kubectl describe hpa <autoscaler> -n <namespace>")
def active(cluster: Kubernetes, *, autoscaler: str, namespace: str, minimum: int = 0, maximum: int = 0) -> Verdict:
    """The autoscaler sees its metric and is able to scale.

    Without resource requests or without the metrics server it stands there and never scales.
    Lists horizontalpodautoscalers of the namespace. ``minimum`` and ``maximum``, where given, must be its own.

    Example:
        check: kubernetes.autoscalers.active
        with: {autoscaler: web, namespace: shop, minimum: 3, maximum: 10}

    """
    thing = cluster.get(_AUTOSCALERS, autoscaler, namespace)
    verdicts = [
        every("condition", ("AbleToScale", "ScalingActive"), lambda type_: _holds(autoscaler, type_, condition(thing, type_)))
    ]
    if minimum:
        verdicts.append(equal(f"Minimum of autoscaler {autoscaler}", thing["spec"].get("minReplicas", 1), minimum))
    if maximum:
        verdicts.append(equal(f"Maximum of autoscaler {autoscaler}", thing["spec"]["maxReplicas"], maximum))
    return worst(verdicts)


def _holds(name: str, type_: str, seen: object) -> Verdict:
    if not isinstance(seen, dict) or not seen:
        return unknown(f"Autoscaler {name} does not tell {type_} yet.")
    if seen["status"] == "True":
        return passed(f"{type_} of autoscaler {name} holds.")
    return failed(
        f"{type_} of autoscaler {name} does not hold: {seen.get('reason', '')} {seen.get('message', '')}".rstrip() + "."
    )
