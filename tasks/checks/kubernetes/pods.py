"""Pods: running, ready, and not restarting."""

from __future__ import annotations

from tasks.connect.kubernetes import Kubernetes
from tasks.core.answers import Answer
from tasks.core.judges import at_least, every, none
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown, worst
from tasks.core.workloads import pod_trouble


@check(permissions=("kubernetes:list v1/pods",), remedy="kubectl describe pod <pod> -n <namespace>")
def ready(cluster: Kubernetes, *, namespace: str, labels: dict[str, str] | None = None, minimum: int = 1) -> Verdict:
    """Every pod is running and ready, and there are enough of them.

    Pods that did their work and ended well, such as those of jobs, are not looked at.
    Lists pods of the namespace. ``labels`` chooses among them; ``minimum`` is how many must be ready.

    Example:
        check: kubernetes.pods.ready
        with: {namespace: shop, labels: {app: web}, minimum: 3}

    """
    pods = [each for each in _chosen(cluster, namespace, labels) if each["status"]["phase"] != "Succeeded"]
    well = sum(not pod_trouble(each) for each in pods)
    if not pods:
        return unknown(f"No pod was found in namespace {namespace}, so nothing could be judged.")
    return worst([every("pod", pods, _ready), at_least(f"Number of ready pods in namespace {namespace}", well, minimum)])


@check(permissions=("kubernetes:list v1/pods",), remedy="kubectl logs <pod> -n <namespace> --previous")
def not_restarting(cluster: Kubernetes, *, namespace: str, labels: dict[str, str] | None = None, most: int = 0) -> Verdict:
    """No container has been restarted more often than allowed.

    A pod that dies every few minutes is ready in between.
    Lists pods of the namespace. ``labels`` chooses among them; ``most`` restarts a container may have had in its pod's life.

    Example:
        check: kubernetes.pods.not_restarting
        with: {namespace: shop, labels: {app: web}}

    """
    seen = [
        (f"{pod['metadata']['name']} ({container['name']}: {container['restartCount']})", int(container["restartCount"]))
        for pod in _chosen(cluster, namespace, labels)
        for container in pod["status"].get("containerStatuses") or []
    ]
    return none(f"containers restarted more than {most} times", [name for name, count in seen if count > most], len(seen))


def _chosen(cluster: Kubernetes, namespace: str, labels: dict[str, str] | None) -> list[Answer]:
    wanted = (labels or {}).items()
    return [each for each in cluster.objects("v1/pods", namespace) if wanted <= (each["metadata"].get("labels") or {}).items()]


def _ready(pod: Answer) -> Verdict:
    name, trouble = pod["metadata"]["name"], pod_trouble(pod)
    return failed(f"Pod {name} is not ready: {trouble}.") if trouble else passed(f"Pod {name} is ready.")
