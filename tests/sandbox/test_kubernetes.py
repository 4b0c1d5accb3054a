"""The stand-in cluster as its clients meet it: started, stopped, killed; through the real kubectl where there is one."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from deployments import processes
from deployments.sandbox.kubernetes import landscape, launch
from tests.tasks.servers.cluster import StandIn, stand_in

pytestmark = pytest.mark.sandbox

KUBECTL = shutil.which("kubectl")
with_kubectl = pytest.mark.skipif(KUBECTL is None, reason="kubectl is not on the PATH")
WEB: dict[str, Any] = {"replicas": 2, "progressDeadlineSeconds": 1, **landscape.workload("web", "web:1")}
MANIFESTS = [
    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}},
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web", "namespace": "shop"}, "data": {"A": "1"}},
    {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"}, "spec": WEB},
]


@pytest.fixture
def cluster() -> StandIn:
    found = stand_in()
    found.ask("behaviours", "PUT", [{"image": "web:bad", "does": "hang", "seconds": 0.1}, {"seconds": 0.1}])
    nodes = [landscape.node(name) for name in ("a", "b")]
    found.hold([*nodes], still=False)
    return found


class Kubectl:
    """kubectl on one cluster, in the namespace ``shop``."""

    def __init__(self, kubeconfig: str) -> None:
        self._kubeconfig = kubeconfig

    def __call__(self, *words: str, given: Sequence[object] = (), status: int = 0) -> str:
        command = [KUBECTL or "kubectl", "--namespace=shop", *words]
        environ = {**os.environ, "KUBECONFIG": self._kubeconfig}
        text = "\n".join(map(json.dumps, given)) or None
        run = subprocess.run(command, env=environ, input=text, capture_output=True, text=True, check=False, timeout=60)
        assert run.returncode == status, run.stdout + run.stderr
        return run.stdout + run.stderr

    def apply(self, *things: object, server_side: bool = False, status: int = 0) -> str:
        how = ["--server-side", "--field-manager=team"] if server_side else []
        return self("apply", "-f", "-", *how, given=things, status=status)


@pytest.fixture
def kubectl(cluster: StandIn) -> Kubectl:
    found = Kubectl(cluster.kubeconfig)
    found.apply(*MANIFESTS)
    found("rollout", "status", "deployment/web", "--timeout=20s")
    return found


@with_kubectl
def test_kubectl_applies_and_sees_no_difference_afterwards(kubectl: Kubectl) -> None:
    assert kubectl.apply(*MANIFESTS).count("unchanged") == 3
    assert "web:1" in kubectl("get", "deployments", "-o", "yaml")
    assert "2/2" in kubectl("get", "deployments")


@with_kubectl
def test_kubectl_rolls_out_and_back(kubectl: Kubectl) -> None:
    kubectl("set", "image", "deployment/web", "web=web:2")
    kubectl("rollout", "status", "deployment/web", "--timeout=20s")
    history = kubectl("rollout", "history", "deployment/web")
    kubectl("rollout", "undo", "deployment/web")
    kubectl("rollout", "status", "deployment/web", "--timeout=20s")

    assert [line.split()[0] for line in history.splitlines() if line[:1].isdigit()] == ["1", "2"]
    assert kubectl("get", "deployment", "web", "-o", "jsonpath={..image}") == "web:1"


@with_kubectl
def test_kubectl_hears_of_a_stuck_rollout(kubectl: Kubectl) -> None:
    kubectl("set", "image", "deployment/web", "web=web:bad")

    assert "exceeded its progress deadline" in kubectl("rollout", "status", "deployment/web", "--timeout=20s", status=1)
    assert "Readiness probe failed" in kubectl("events", "--types=Warning")


@with_kubectl
def test_kubectl_tells_what_applying_would_change(kubectl: Kubectl) -> None:
    changed = {**MANIFESTS[1], "data": {"A": "2"}}

    assert '+  A: "2"' in kubectl("diff", "-f", "-", given=[changed], status=1)
    assert kubectl("get", "configmap", "web", "-o", "jsonpath={.data.A}") == "1"


@with_kubectl
def test_kubectl_applies_on_the_server_and_meets_conflicts(kubectl: Kubectl) -> None:
    mine = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "mine", "namespace": "shop"},
        "data": {"A": "1", "B": "2"},
    }
    kubectl.apply(mine, server_side=True)
    kubectl.apply({**mine, "data": {"A": "1"}}, server_side=True)
    theirs = {**mine, "data": {"A": "9"}}

    assert kubectl("get", "configmap", "mine", "-o", "jsonpath={.data}") == '{"A":"1"}'
    assert 'conflict with "team": .data.A' in kubectl("apply", "--server-side", "-f", "-", given=[theirs], status=1)


@with_kubectl
def test_kubectl_does_the_rest_of_a_days_work(kubectl: Kubectl) -> None:
    kubectl("scale", "deployment/web", "--replicas=3")
    kubectl("wait", "--for=jsonpath={.status.availableReplicas}=3", "deployment/web", "--timeout=20s")
    kubectl("patch", "deployment", "web", "-p", '{"spec": {"minReadySeconds": 1}}')
    kubectl("label", "deployment", "web", "team=shop")
    described = kubectl("describe", "deployment", "web")

    assert "NewReplicaSetAvailable" in described or "Progressing" in described
    assert "web:1" in kubectl("logs", "deployment/web")
    assert kubectl("top", "pods").count("35m") >= 2
    assert "drained" in kubectl("drain", "a", "--force")
    assert "SchedulingDisabled" in kubectl("get", "nodes")
    kubectl("delete", "deployment", "web", "--timeout=20s")
    assert "No resources" in kubectl("get", "pods")
    kubectl("delete", "namespace", "shop", "--timeout=20s")


@with_kubectl
@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"selector": {"matchLabels": {"app": "other"}}}, "`selector` does not match template `labels`"),
        ({"template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web"}]}}}, "Required value"),
    ],
    ids=["selector", "no image"],
)
def test_kubectl_is_told_what_is_wrong_with_a_manifest(kubectl: Kubectl, broken: dict[str, Any], says: str) -> None:
    bad = {**MANIFESTS[2], "metadata": {"name": "bad", "namespace": "shop"}, "spec": {**WEB, **broken}}

    assert says in kubectl.apply(bad, status=1)


@with_kubectl
def test_kubectl_is_denied_in_the_words_of_kubernetes(kubectl: Kubectl, cluster: StandIn) -> None:
    cluster.ask("faults", "PUT", [{"name": "no-pods", "verb": "list", "resource": "pods", "status": 403}])

    assert 'cannot list resource "pods" in API group "" in the namespace "shop"' in kubectl("get", "pods", status=1)


def test_a_fault_meets_only_so_many_requests(cluster: StandIn) -> None:
    cluster.ask("faults", "PUT", [{"name": "slow", "resource": "nodes", "latency_ms": 300, "status": 429, "first": 1}])
    begun = time.monotonic()
    answers = [httpx.get(f"http://127.0.0.1:{cluster.port}/api/v1/nodes").status_code for _ in range(2)]

    assert answers == [429, 200]
    assert time.monotonic() - begun >= 0.3


@pytest.mark.parametrize(
    ("page", "content"),
    [("faults", [{"nmae": "x"}]), ("behaviours", [{"does": "dance"}]), ("objects", {"objects": [{"kind": "Thing"}]})],
    ids=["fault", "behaviour", "object"],
)
def test_what_nobody_can_do_is_refused(cluster: StandIn, page: str, content: Any) -> None:
    with pytest.raises(httpx.HTTPStatusError):
        cluster.ask(page, "PUT", content)


def test_a_kind_that_is_defined_is_served(cluster: StandIn) -> None:
    names = {"plural": "widgets", "kind": "Widget"}
    spec = {
        "group": "example.com",
        "scope": "Namespaced",
        "names": names,
        "versions": [{"name": "v1", "served": True, "storage": True}],
    }
    definition = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    cluster.hold([{**definition, "metadata": {"name": "widgets.example.com"}, "spec": spec}])
    url = f"http://127.0.0.1:{cluster.port}/apis/example.com/v1"

    assert [each["name"] for each in httpx.get(url).json()["resources"]][:1] == ["widgets"]
    assert httpx.get(f"{url}/widgets").json()["items"] == []


@pytest.fixture
def started(tmp_path: Path) -> Iterator[launch.Started]:
    found = launch.start(tmp_path / "cluster", Path(sys.executable))
    yield found
    launch.stop(found.pid)


def config_map(port: int) -> str:
    return f"http://127.0.0.1:{port}/api/v1/namespaces/default/configmaps"


@pytest.mark.parametrize("end", ["stopped", "killed"])
def test_a_cluster_is_as_it_was_when_it_is_started_again(started: launch.Started, tmp_path: Path, end: str) -> None:
    httpx.post(config_map(started.port), json={"metadata": {"name": "kept"}, "data": {"A": "1"}}).raise_for_status()
    if end == "killed":
        time.sleep(3)  # it saves what changed every other second
        os.kill(started.pid, signal.SIGKILL)
    launch.stop(started.pid)
    again = launch.start(tmp_path / "cluster", Path(sys.executable))
    kept = httpx.get(f"{config_map(again.port)}/kept").json()
    launch.stop(again.pid)

    assert kept["data"] == {"A": "1"}
    assert not processes.alive(again.pid)


def test_a_cluster_that_cannot_start_says_where_to_look(tmp_path: Path) -> None:
    with pytest.raises(launch.ClusterError, match=r"cluster\.log"):
        launch.start(tmp_path, Path(shutil.which("true") or "/bin/true"))
