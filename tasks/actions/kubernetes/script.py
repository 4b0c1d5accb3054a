"""Deploying into a namespace by the team's own script, and taking that back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tasks.actions.kubernetes.objects import noted_all, restore
from tasks.actions.kubernetes.waiting import found, until_complete, workload
from tasks.connect.commands import CommandRunner
from tasks.connect.kubernetes import KubernetesWriter
from tasks.core.errors import Absent, ActionError
from tasks.core.registry import Done, Settled, action
from tasks.core.workloads import RESOURCES, containers, tag

# What is restored, and in which order it is noted: what others refer to comes first. Secrets are not noted.
_RESOURCES = (
    "v1/configmaps",
    "v1/services",
    "networking.k8s.io/v1/ingresses",
    "networking.k8s.io/v1/networkpolicies",
    "policy/v1/poddisruptionbudgets",
    "autoscaling/v2/horizontalpodautoscalers",
    "batch/v1/cronjobs",
    *RESOURCES.values(),
)
_VERBS = ("list", "get", "create", "update", "delete")
# The cluster writes this one itself, into every namespace.
_NOBODYS = "kube-root-ca.crt"


def before(cluster: KubernetesWriter, _runner: CommandRunner, *, namespace: str, **_rest: Any) -> dict[str, Any]:
    """Every object of the namespace that a script may change, but for secrets: ``{"objects": […]}``."""
    return {"objects": _noted(cluster, namespace)}


def settled(
    cluster: KubernetesWriter,
    _runner: CommandRunner,
    *,
    before: Mapping[str, Any],
    namespace: str,
    workloads: list[str],
    version: str,
    timeout_minutes: float = 60,
    **_rest: Any,
) -> Settled:
    """Done when the workloads run the version; not done when the namespace is as it was; otherwise unknown."""
    if _digests(_noted(cluster, namespace)) == _digests(before["objects"]):
        return "not done"
    try:
        _verify(cluster, namespace, workloads, version, timeout_minutes)
    except (ActionError, Absent):
        return "unknown"
    return "done"


def undo(
    cluster: KubernetesWriter,
    _runner: CommandRunner,
    *,
    before: Mapping[str, Any],
    namespace: str,
    timeout_minutes: float = 60,
    **_rest: Any,
) -> str:
    """Put back every object of the namespace, delete those that came since, and wait for the workloads."""
    known = {_address(each) for each in before["objects"]}
    came = [{**each, "was": None} for each in _noted(cluster, namespace) if _address(each) not in known]
    done = restore(cluster, [*before["objects"], *came])
    words = {resource: kind for kind, resource in RESOURCES.items()}
    back = [(words[each["resource"]], each["name"]) for each in before["objects"] if each["resource"] in words]
    until_complete(cluster, back, namespace, timeout_minutes * 60)
    if not done:
        return f"Namespace {namespace} is as it was before the release; nothing had to be undone."
    return f"Namespace {namespace} is as it was before the release: {', '.join(done)}. Secrets were left as they are."


@action(
    remedy="kubectl rollout status deployment/<deployment> -n <namespace>",
    before=before,
    settled=settled,
    undo=undo,
    permissions=tuple(f"kubernetes:{verb} {resource}" for resource in _RESOURCES for verb in _VERBS),
)
def deploy(
    cluster: KubernetesWriter,
    runner: CommandRunner,
    *,
    command: list[str],
    namespace: str,
    workloads: list[str],
    version: str,
    directory: str = "",
    environment: dict[str, str] | None = None,
    timeout_minutes: float = 60,
) -> Done:
    """Deploy into the namespace by the team's own script, and see the workloads run the version.

    ``command`` is a list of words, run without a shell in ``directory`` of the system's checkout, with ``environment`` on top
    of the release's own and the release's ID in GATES_RELEASE. Afterwards each of ``workloads`` (deployments, or
    ``statefulset/redis``) must be rolled out with an image that carries ``version`` as its tag.
    ``timeout_minutes`` limits the script, and the wait for the workloads.

    Undone by putting back every ConfigMap, service, ingress, policy, budget, autoscaler, scheduled job and workload of the
    namespace as it was, and deleting those that were not there; the cluster then rolls back to the pods of before. Secrets
    are not noted and stay as they are.

    Example:
        action: kubernetes.script.deploy
        with:
          command: [./deployment/scripts/deploy-kubernetes.sh, production, halcytone]
          directory: toombos
          namespace: halcytone
          workloads: [content-generator]
          version: 1.2.0

    """
    shown = f"`{' '.join(command)}`"
    finished = runner.run(command, directory, environment, timeout_minutes * 60)
    if finished.exit_status != 0:
        raise ActionError(f"{shown} ended with {finished.exit_status}: {finished.last_line}")
    _verify(cluster, namespace, workloads, version, timeout_minutes)
    return Done(f"{shown} ended well, and {', '.join(workloads)} run version {version}.")


def _verify(cluster: KubernetesWriter, namespace: str, workloads: list[str], version: str, minutes: float) -> None:
    """See each workload rolled out at the version. Raises ``ActionError``, or ``Absent``."""
    every = [workload(each) for each in workloads]
    if not every:
        raise ActionError("The item names no workload, so nobody can say whether the version runs.")
    until_complete(cluster, every, namespace, minutes * 60)
    for kind, name in every:
        images = [each["image"] for each in containers(found(cluster, kind, name, namespace)["spec"]["template"])]
        if version not in map(tag, images):
            raise ActionError(f"{kind.capitalize()} {name} runs {', '.join(images)}, wanted version {version}.")


def _noted(cluster: KubernetesWriter, namespace: str) -> list[dict[str, Any]]:
    return [each for each in noted_all(cluster, _RESOURCES, namespace) if each["name"] != _NOBODYS]


def _digests(objects: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    return {_address(each): each["digest"] for each in objects}


def _address(each: Mapping[str, Any]) -> tuple[str, str]:
    return each["resource"], each["name"]
