"""The small kubectl says and does what the teams' scripts count on, against the stand-in cluster."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deployments.sandbox.kubernetes import launch
from deployments.sandbox.parts import KUBECTL, ROOT

pytestmark = pytest.mark.sandbox

IMAGE = "-o jsonpath={.spec.template.spec.containers[0].image}"
MANIFEST = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": "x/web:1"}]}},
    },
}


@dataclass(frozen=True)
class Kubectl:
    python: Path
    folder: Path
    kubeconfig: str

    def __call__(self, words: str) -> tuple[int, str]:
        environ = {"PATH": os.environ["PATH"], "KUBECONFIG": self.kubeconfig, "PYTHONPATH": str(ROOT)}
        command = [str(self.python), "-P", "-m", KUBECTL, *words.split()]
        run = subprocess.run(command, cwd=self.folder, env=environ, capture_output=True, text=True, check=False)
        return run.returncode, (run.stdout + run.stderr).strip()


@pytest.fixture(scope="module")
def kubectl(sandbox_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kubectl]:
    folder = tmp_path_factory.mktemp("kubectl")
    (folder / "web.yaml").write_text(json.dumps(MANIFEST))
    (folder / "unheard.yaml").write_text(json.dumps({**MANIFEST, "kind": "Unheard"}))
    started = launch.start(folder / "cluster", sandbox_python)
    launch.ask(started.port, "behaviours", "PUT", [{"seconds": 0.1}])
    try:
        yield Kubectl(sandbox_python, folder, started.kubeconfig)
    finally:
        launch.stop(started.pid)


def test_a_script_deploys_looks_and_goes_back(kubectl: Kubectl) -> None:
    said = [
        kubectl(words)
        for words in (
            "apply -f web.yaml -n default",
            "rollout status deployment/web",
            "set image deployment/web web=x/web:2",
            "rollout status deploy/web --timeout=30s",
            f"get deployment web {IMAGE}",
            "rollout undo deployment/web",
            "rollout status deployment/web",
            f"get deploy/web {IMAGE}",
            "scale deployment/web --replicas=1",
            "get deployments",
            "delete deployment web",
            "delete deployment web --ignore-not-found",
        )
    ]

    assert said == [
        (0, "deployment.apps/web serverside-applied"),
        (0, 'deployment "web" successfully rolled out'),
        (0, "deployment.apps/web image updated"),
        (0, 'deployment "web" successfully rolled out'),
        (0, "x/web:2"),
        (0, "deployment.apps/web rolled back"),
        (0, 'deployment "web" successfully rolled out'),
        (0, "x/web:1"),
        (0, "deployment.apps/web scaled"),
        (0, "deployment.apps/web"),
        (0, "deployment.apps/web deleted"),
        (0, ""),
    ]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        pytest.param("version --client", 0, "Client Version: v1.32.0", id="its own version"),
        pytest.param("config current-context", 0, "sandbox", id="the cluster it is set to"),
        pytest.param("get pods -n kube-system -l app=coredns", 0, "pod/coredns-", id="what labels select"),
        pytest.param("get nope", 1, 'doesn\'t have a resource type "nope"', id="an unheard-of resource"),
        pytest.param("get deployment nope", 1, "Error from server (NotFound)", id="an object that is not there"),
        pytest.param("apply -f missing.yaml", 1, 'the path "missing.yaml" does not exist', id="a file that is not there"),
        pytest.param("apply -f unheard.yaml", 1, 'no matches for kind "Unheard"', id="a kind that nothing serves"),
        pytest.param("rollout undo deployment/coredns -n kube-system", 1, "no rollout history", id="nothing to go back to"),
    ],
)
def test_it_answers_as_kubectl_does(kubectl: Kubectl, words: str, status: int, said: str) -> None:
    ended, printed = kubectl(words)

    assert ended == status, printed
    assert said in printed


def test_a_rollout_that_is_stuck_ends_with_the_reason(kubectl: Kubectl) -> None:
    hanging = {**MANIFEST, "metadata": {"name": "hangs"}, "spec": {**MANIFEST["spec"], "progressDeadlineSeconds": 1}}  # type: ignore[dict-item]
    (kubectl.folder / "hangs.yaml").write_text(json.dumps(hanging).replace("x/web:1", "x/web:hangs"))
    port = int(Path(kubectl.kubeconfig).read_text().split("http://127.0.0.1:")[1].split('"')[0])
    launch.ask(port, "behaviours", "PUT", [{"image": "*:hangs", "does": "hang"}])
    kubectl("apply -f hangs.yaml")
    ended = kubectl("rollout status deployment/hangs")

    assert ended == (1, 'error: deployment "hangs" exceeded its progress deadline')


def test_without_a_cluster_it_says_so(kubectl: Kubectl) -> None:
    lost = Kubectl(kubectl.python, kubectl.folder, "")

    assert lost("get pods") == (1, "error: KUBECONFIG names no file, so there is no cluster to talk to")
