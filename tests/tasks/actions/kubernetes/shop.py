"""A shop that runs in the stand-in cluster, and the questions that tests ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployments.sandbox.kubernetes.admission import completed
from deployments.sandbox.kubernetes.store import kind_of
from tasks.actions.kubernetes.waiting import Workload, until_complete
from tasks.connect.kubernetes import KubernetesWriter
from tasks.connect.session import Release, Session
from tasks.connect.settings import Settings
from tests.tasks.objects import Object, conditions, namespace, template, thing
from tests.tasks.servers.cluster import StandIn

OLD, NEW = "registry.example.com/web:1.1.0", "registry.example.com/web:1.2.0"
HANGING, CRASHING = "registry.example.com/web:hangs", "registry.example.com/web:crashes"
QUICK: list[Object] = [
    {"image": HANGING, "does": "hang", "seconds": 0.1},
    {"image": CRASHING, "does": "crash", "seconds": 0.1},
    {"seconds": 0.1},
]
DEPLOYMENTS, CONFIG_MAPS = "apps/v1/deployments", "v1/configmaps"


@dataclass(frozen=True)
class Shop:
    """The namespace ``shop``, the stand-in it is in, and the checkout that its manifests are in."""

    cluster: StandIn
    session: Session

    @property
    def writer(self) -> KubernetesWriter:
        return KubernetesWriter(self.session.settings.kubeconfig)

    @property
    def folder(self) -> Path:
        return self.session.settings.workspaces

    def image(self) -> str:
        return str(self.deployed("web")["spec"]["template"]["spec"]["containers"][0]["image"])

    def deployed(self, name: str) -> Any:
        found = self.writer.get(DEPLOYMENTS, name, "shop")
        assert found is not None
        return found

    def config(self) -> Any:
        found = self.writer.get(CONFIG_MAPS, "web", "shop")
        return None if found is None else dict(found["data"])

    def wait(self, *workloads: Workload) -> None:
        until_complete(self.writer, workloads or [("deployment", "web")], "shop", 15)


def opened(cluster: StandIn, folder: Path) -> Shop:
    """A shop whose deployment ``web`` runs the old image with two pods."""
    cluster.ask("behaviours", "PUT", QUICK)
    cluster.hold(
        [*_nodes(), namespace(), completed(kind_of("deployments.apps"), web(OLD)), config(LOG_LEVEL="INFO")], still=False
    )
    settings = Settings(folder, folder, folder, folder, "", kubeconfig=cluster.kubeconfig)
    shop = Shop(cluster, Session(settings, release=Release(id="release-7")))
    shop.wait()
    return shop


def web(image: str, replicas: int = 2, deadline: int = 1) -> Object:
    """The deployment as a manifest describes it."""
    spec = {
        "replicas": replicas,
        "progressDeadlineSeconds": deadline,
        "revisionHistoryLimit": 10,
        "selector": {"matchLabels": {"app": "web"}},
        "template": template(image=image),
    }
    return thing("apps/v1", "Deployment", "web", spec=spec)


def config(**data: str) -> Object:
    """Its configuration."""
    return thing("v1", "ConfigMap", "web", data=data)


def _nodes() -> list[Object]:
    return [thing("v1", "Node", name, "", spec={}, status={"conditions": conditions(Ready="True")}) for name in ("a", "b")]
