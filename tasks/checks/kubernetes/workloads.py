"""What every workload of a namespace must say of itself: resources, probes, and how it ends."""

from __future__ import annotations

from collections.abc import Callable

from tasks.connect.kubernetes import Kubernetes
from tasks.core.answers import Answer
from tasks.core.judges import at_least, every, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, worst
from tasks.core.workloads import RESOURCES, containers

_LIST = tuple(f"kubernetes:list {resource}" for resource in RESOURCES.values())


@check(permissions=_LIST, remedy="kubectl set resources deployment/<name> --requests=… --limits=… -n <namespace>")
def resources_set(
    cluster: Kubernetes, *, namespace: str, workloads: list[str] | None = None, resources: list[str] | None = None
) -> Verdict:
    """Every container asks for resources and is limited in them.

    Without requests the scheduler packs pods onto full nodes; without limits one of them starves the others.
    Lists deployments, statefulsets and daemonsets of the namespace. ``workloads`` names those to look at, all without it;
    ``resources`` are cpu and memory unless said otherwise.

    Example:
        check: kubernetes.workloads.resources_set
        with: {namespace: shop}

    """
    wanted = resources or ["cpu", "memory"]

    def limited(name: str, container: Answer) -> Verdict:
        seen = container.get("resources") or {}
        missing = [
            f"{kind} of {each}" for kind in ("requests", "limits") for each in wanted if each not in (seen.get(kind) or {})
        ]
        what = f"Container {container['name']} of {name}"
        return failed(f"{what} has no {listed(missing)}.") if missing else passed(f"{what} has requests and limits.")

    return _every_container(cluster, namespace, workloads, limited)


@check(
    permissions=_LIST,
    remedy="https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/",
)
def probes_set(
    cluster: Kubernetes, *, namespace: str, workloads: list[str] | None = None, probes: list[str] | None = None
) -> Verdict:
    """Every container can be asked whether it lives and whether it is ready.

    Without a readiness probe a pod gets traffic before it listens; without a liveness probe one that hangs stays.
    Lists deployments, statefulsets and daemonsets of the namespace. ``workloads`` names those to look at, all without it;
    ``probes`` are readiness and liveness unless said otherwise.

    Example:
        check: kubernetes.workloads.probes_set
        with: {namespace: shop, workloads: [web]}

    """
    wanted = probes or ["readiness", "liveness"]

    def probed(name: str, container: Answer) -> Verdict:
        missing = [each for each in wanted if not container.get(f"{each}Probe")]
        what = f"Container {container['name']} of {name}"
        return failed(f"{what} has no probe for {listed(missing)}.") if missing else passed(f"{what} has its probes.")

    return _every_container(cluster, namespace, workloads, probed)


@check(permissions=_LIST, remedy="https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/")
def graceful_shutdown(
    cluster: Kubernetes,
    *,
    namespace: str,
    workloads: list[str] | None = None,
    seconds: int = 30,
    pre_stop: bool = True,
) -> Verdict:
    """Every pod gets time to finish what it does before it is ended.

    A pod that is told to stop still gets requests for a moment; the preStop hook holds it up until they have found others.
    Lists deployments, statefulsets and daemonsets of the namespace. ``seconds`` is the least terminationGracePeriodSeconds;
    ``pre_stop: false`` does not ask for a hook, for programs that see to it themselves.

    Example:
        check: kubernetes.workloads.graceful_shutdown
        with: {namespace: shop, workloads: [web], seconds: 30}

    """

    def graceful(workload: tuple[str, Answer]) -> Verdict:
        name, template = workload
        # The API server fills the period in; a manifest read back always has it.
        period = at_least(f"Grace period of {name}", template["spec"]["terminationGracePeriodSeconds"], seconds, "s")
        if not pre_stop:
            return period
        bare = [each["name"] for each in containers(template) if not (each.get("lifecycle") or {}).get("preStop")]
        hook = failed(f"{name} has no preStop hook in {listed(bare)}.") if bare else passed(f"{name} has its preStop hooks.")
        return worst([period, hook])

    return every("workload", _templates(cluster, namespace, workloads), graceful)


def _every_container(
    cluster: Kubernetes, namespace: str, workloads: list[str] | None, judge: Callable[[str, Answer], Verdict]
) -> Verdict:
    pairs = [
        (name, container) for name, template in _templates(cluster, namespace, workloads) for container in containers(template)
    ]
    return every("container", pairs, lambda pair: judge(*pair))


def _templates(cluster: Kubernetes, namespace: str, workloads: list[str] | None) -> list[tuple[str, Answer]]:
    """The pod templates of the workloads by ``kind name``. Raises ``Absent`` for one that is named and not there."""
    found = {
        (kind, each["metadata"]["name"]): each["spec"]["template"]
        for kind, resource in RESOURCES.items()
        for each in cluster.objects(resource, namespace)
    }
    for name in workloads or []:
        if not any(name == known for _, known in found):
            cluster.get(RESOURCES["deployment"], name, namespace)
    return [(f"{kind} {name}", template) for (kind, name), template in found.items() if not workloads or name in workloads]
