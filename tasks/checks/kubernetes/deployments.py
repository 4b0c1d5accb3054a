"""Deployments: their pods are there, are of the wished version, and none of the version before is left."""

from __future__ import annotations

from tasks.connect.kubernetes import Kubernetes
from tasks.core.judges import at_least, equal, every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, worst
from tasks.core.workloads import containers, standing, tag

_DEPLOYMENTS = "apps/v1/deployments"
_LIST = ("kubernetes:list apps/v1/deployments",)


@check(permissions=_LIST, remedy="kubectl describe deployment <deployment> -n <namespace>")
def ready(cluster: Kubernetes, *, deployments: list[str], namespace: str) -> Verdict:
    """Every deployment has all the pods it wants, and they are available.

    A deployment scaled to nought wants none and serves nobody, so it does not pass.
    Lists deployments of the namespace.

    Example:
        check: kubernetes.deployments.ready
        with: {deployments: [cluster-autoscaler], namespace: kube-system}

    """

    def available(name: str) -> Verdict:
        seen = standing("deployment", cluster.get(_DEPLOYMENTS, name, namespace))
        told = f"Deployment {name} {seen}."
        return passed(told) if seen.observed and seen.ready >= seen.wanted > 0 else failed(told)

    return every("deployment", deployments, available)


@check(permissions=_LIST, remedy="kubectl rollout status deployment/<deployment> -n <namespace>")
def rollout_complete(cluster: Kubernetes, *, deployments: list[str], namespace: str) -> Verdict:
    """Every deployment runs its newest template alone: all pods are updated and available, no older one is left.

    While a rollout goes on, old and new answer side by side; when it is stuck, the old ones hide it.
    Lists deployments of the namespace.

    Example:
        check: kubernetes.deployments.rollout_complete
        with: {deployments: [web], namespace: shop}

    """

    def complete(name: str) -> Verdict:
        seen = standing("deployment", cluster.get(_DEPLOYMENTS, name, namespace))
        told = f"Deployment {name} {seen}."
        return passed(told) if seen.complete and seen.wanted > 0 else failed(told)

    return every("deployment", deployments, complete)


@check(permissions=_LIST, remedy="kubectl get deployments -n <namespace> -o wide")
def image_is_version(
    cluster: Kubernetes, *, deployments: list[str], namespace: str, version: str, container: str = ""
) -> Verdict:
    """Every deployment's image carries the version's tag.

    Everything may be ready and still be the version of last week.
    Lists deployments of the namespace. ``container`` names the container to look at; without it the first one counts, for
    what stands beside it has versions of its own.

    Example:
        check: kubernetes.deployments.image_is_version
        with: {deployments: [web], namespace: shop, version: 1.2.0}

    """

    def of_version(name: str) -> Verdict:
        template = cluster.get(_DEPLOYMENTS, name, namespace)["spec"]["template"]
        found = [each for each in containers(template) if container in ("", each["name"])]
        if not found:
            return failed(f"Deployment {name} has no container '{container}'.")
        return equal(f"Tag of {found[0]['image']} in deployment {name}", tag(found[0]["image"]), version)

    return every("deployment", deployments, of_version)


@check(permissions=_LIST, remedy="kubectl scale deployment/<deployment> --replicas=<replicas> -n <namespace>")
def replicas_at_least(cluster: Kubernetes, *, deployments: list[str], namespace: str, replicas: int) -> Verdict:
    """Every deployment has at least so many pods that are available.

    With fewer, the loss of one node takes the service down or doubles the load of what is left.
    Lists deployments of the namespace.

    Example:
        check: kubernetes.deployments.replicas_at_least
        with: {deployments: [web], namespace: shop, replicas: 3}

    """

    def enough(name: str) -> Verdict:
        seen = standing("deployment", cluster.get(_DEPLOYMENTS, name, namespace))
        if not seen.observed:
            return failed(f"Deployment {name} {seen}.")
        return at_least(f"Number of available pods of deployment {name}", seen.ready, max(replicas, 1))

    return every("deployment", deployments, enough)


@check(permissions=_LIST, remedy="kubectl rollout history deployment/<deployment> -n <namespace>")
def can_roll_back(cluster: Kubernetes, *, deployments: list[str], namespace: str) -> Verdict:
    """Every deployment keeps the revision before the present one.

    With a revision history of nought, `kubectl rollout undo` has nothing to go back to.
    Lists deployments of the namespace.

    Example:
        check: kubernetes.deployments.can_roll_back
        with: {deployments: [web], namespace: shop}

    """

    def keeps(name: str) -> Verdict:
        thing = cluster.get(_DEPLOYMENTS, name, namespace)
        kept = at_least(f"Revisions that deployment {name} keeps", int(thing["spec"]["revisionHistoryLimit"]), 1)
        if thing["spec"].get("paused"):
            return worst([kept, failed(f"Rollouts of deployment {name} are paused.")])
        return kept

    return every("deployment", deployments, keeps)
