"""The cluster itself: it answers, it is the right one, it has the namespaces."""

from __future__ import annotations

from tasks.connect.kubernetes import Kubernetes
from tasks.core.judges import equal, every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed


@check(permissions=("kubernetes:get /readyz", "kubernetes:get /version"), remedy="kubectl cluster-info")
def reachable(cluster: Kubernetes, *, context: str = "") -> Verdict:
    """The cluster answers and says that it is ready.

    With ``context`` the kubeconfig's current context must be that one: a release into the wrong cluster looks well all the
    way. Reads /readyz and /version. Facts: context, kubernetes_version.

    Example:
        check: kubernetes.cluster.reachable
        with: {context: production}

    """
    seen = cluster.context
    if context and seen != context:
        return failed(f"The current context is '{seen}', wanted '{context}'.", f"kubectl config use-context {context}")
    version = str(cluster.version()["gitVersion"])
    return passed(f"Cluster '{seen}' is ready and runs {version}.", {"context": seen, "kubernetes_version": version})


@check(permissions=("kubernetes:get /readyz", "kubernetes:get /version"), remedy="kubectl version")
def version_at_least(cluster: Kubernetes, *, version: str) -> Verdict:
    """The cluster runs that version of Kubernetes or a newer one.

    Manifests for a newer API are refused by an older server, half way through a release.
    Reads /readyz and /version. ``version`` is major and minor, such as 1.30.

    Example:
        check: kubernetes.cluster.version_at_least
        with: {version: "1.30"}

    """
    answer = cluster.version()
    seen = (_number(answer["major"]), _number(answer["minor"]))
    wanted = tuple(_number(part) for part in version.lstrip("v").split("."))[:2]
    told = f"The cluster runs {answer['gitVersion']}, wanted at least {version}."
    return passed(told) if seen >= wanted else failed(told)


@check(permissions=("kubernetes:list v1/namespaces",), remedy="kubectl create namespace <namespace>")
def namespaces_exist(cluster: Kubernetes, *, namespaces: list[str]) -> Verdict:
    """Every namespace is there and active.

    A namespace that is being deleted takes no new objects and takes the old ones away.
    Lists namespaces.

    Example:
        check: kubernetes.cluster.namespaces_exist
        with: {namespaces: [shop]}

    """

    def active(name: str) -> Verdict:
        return equal(f"Phase of namespace {name}", cluster.get("v1/namespaces", name)["status"]["phase"], "Active")

    return every("namespace", namespaces, active)


def _number(text: str) -> int:
    """Managed clusters write a minor version such as ``30+``."""
    digits = "".join(character for character in text if character in "0123456789")
    return int(digits or 0)
