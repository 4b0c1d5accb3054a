"""The controllers of the stand-in cluster, moved by hand: each turn makes everything five seconds older."""

from typing import Any

import pytest

from deployments.sandbox.kubernetes import landscape, metrics, server
from deployments.sandbox.kubernetes.admission import completed
from deployments.sandbox.kubernetes.behaviours import Behaviour
from deployments.sandbox.kubernetes.cluster import Cluster, condition
from deployments.sandbox.kubernetes.store import Object, kind_of

pytestmark = pytest.mark.sandbox

DEPLOYMENTS, SCALERS = "deployments.apps", "horizontalpodautoscalers.autoscaling"


@pytest.fixture
def cluster() -> Cluster:
    found = Cluster()
    landscape.lay_out(found.store)
    make(found, "namespaces", "shop", namespace="")
    return found


def make(cluster: Cluster, kind: str, name: str, namespace: str = "shop", **content: Any) -> Object:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return cluster.store.add(kind_of(kind), completed(kind_of(kind), {"metadata": metadata, **content}))


def seen(cluster: Cluster, kind: str, name: str, namespace: str = "shop") -> Any:
    return cluster.store.get(kind, namespace, name)


def turn(cluster: Cluster, times: int = 12) -> None:
    for _ in range(times):
        for uid in cluster.store.born:
            cluster.store.born[uid] -= 5
        server.step(cluster)


def change(cluster: Cluster, kind: str, name: str, **spec: Any) -> None:
    live = seen(cluster, kind, name)
    cluster.store.change(kind, {**live, "spec": {**live["spec"], **spec}})


def web(image: str = "web:1", **more: Any) -> Object:
    return {**landscape.workload("web", image), **more}


def pods(cluster: Cluster) -> list[Object]:
    return cluster.store.all("pods", "shop")


def test_a_fresh_cluster_comes_up_by_itself(cluster: Cluster) -> None:
    turn(cluster)
    unready = [each["metadata"]["name"] for each in cluster.store.all("pods") if condition(each, "Ready") != "True"]

    assert (len(cluster.store.all("pods")), unready) == (11, [])


def test_a_rolling_update_keeps_enough_pods_and_ends_with_one_revision(cluster: Cluster) -> None:
    make(cluster, DEPLOYMENTS, "web", spec=web(replicas=4))
    turn(cluster)
    change(cluster, DEPLOYMENTS, "web", **web("web:2"))
    fewest = 4
    for _ in range(20):
        turn(cluster, 1)
        fewest = min(fewest, sum(condition(each, "Ready") == "True" for each in pods(cluster)))

    assert fewest >= 3
    assert {each["spec"]["containers"][0]["image"] for each in pods(cluster)} == {"web:2"}
    assert seen(cluster, DEPLOYMENTS, "web")["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "2"


def test_recreate_ends_the_old_pods_first(cluster: Cluster) -> None:
    make(cluster, DEPLOYMENTS, "web", spec=web(replicas=2, strategy={"type": "Recreate"}))
    turn(cluster)
    change(cluster, DEPLOYMENTS, "web", **web("web:2"))
    images = []
    for _ in range(8):
        turn(cluster, 1)
        images.append({each["spec"]["containers"][0]["image"] for each in pods(cluster)})

    assert {"web:1", "web:2"} not in images
    assert images[-1] == {"web:2"}


def test_a_paused_deployment_starts_no_rollout(cluster: Cluster) -> None:
    make(cluster, DEPLOYMENTS, "web", spec=web(replicas=1))
    turn(cluster)
    change(cluster, DEPLOYMENTS, "web", **web("web:2"), paused=True)
    turn(cluster)

    assert {each["spec"]["containers"][0]["image"] for each in pods(cluster)} == {"web:1"}


@pytest.mark.parametrize(
    ("does", "reason"),
    [("crash", "CrashLoopBackOff"), ("pull", "ImagePullBackOff"), ("hang", "")],
    ids=["crash", "pull", "hang"],
)
def test_a_bad_image_leaves_the_old_pods_and_a_warning(cluster: Cluster, does: Any, reason: str) -> None:
    make(cluster, DEPLOYMENTS, "web", spec=web(replicas=2, progressDeadlineSeconds=0))
    cluster.behaviours = [Behaviour(image="*:bad", does=does)]
    turn(cluster)
    change(cluster, DEPLOYMENTS, "web", **web("web:bad"))
    turn(cluster)
    bad = [each for each in pods(cluster) if each["spec"]["containers"][0]["image"] == "web:bad"]
    warnings = {each["involvedObject"]["name"] for each in cluster.store.all("events", "shop") if each["type"] == "Warning"}

    assert sum(condition(each, "Ready") == "True" for each in pods(cluster)) == 2
    assert bad[0]["status"]["containerStatuses"][0]["state"].get("waiting", {}).get("reason", "") == reason
    assert bad[0]["metadata"]["name"] in warnings
    assert condition(seen(cluster, DEPLOYMENTS, "web"), "Progressing") == "False"


def test_a_statefulset_replaces_one_pod_at_a_time_and_keeps_names(cluster: Cluster) -> None:
    make(cluster, "statefulsets.apps", "web", spec=web(replicas=3))
    turn(cluster)
    change(cluster, "statefulsets.apps", "web", **web("web:2"))
    fewest = 3
    for _ in range(20):
        turn(cluster, 1)
        fewest = min(fewest, sum(condition(each, "Ready") == "True" for each in pods(cluster)))
    status = seen(cluster, "statefulsets.apps", "web")["status"]

    assert fewest >= 2
    assert [each["metadata"]["name"] for each in pods(cluster)] == ["web-0", "web-1", "web-2"]
    assert (status["updatedReplicas"], status["readyReplicas"]) == (3, 3)


def test_a_daemonset_runs_on_every_ready_node(cluster: Cluster) -> None:
    make(cluster, "daemonsets.apps", "web", spec=web())
    turn(cluster)
    lost = cluster.store.get("nodes", "", "node-a")
    cluster.store.change("nodes", {**(lost or {}), "status": landscape.node("node-a", ready=False)["status"]})
    turn(cluster)

    assert seen(cluster, "daemonsets.apps", "web")["status"]["numberReady"] == 2
    assert {each["spec"]["nodeName"] for each in pods(cluster)} == {"node-b", "node-c"}


@pytest.mark.parametrize(("does", "ends"), [("run", "Complete"), ("crash", "Failed")], ids=["well", "badly"])
def test_a_scheduled_job_runs_and_ends(cluster: Cluster, does: Any, ends: str) -> None:
    cluster.behaviours = [Behaviour(pod="shop/*", does=does)]
    template = {"spec": {"restartPolicy": "Never", "containers": [{"name": "app", "image": "backup:1"}]}}
    make(cluster, "cronjobs.batch", "backup", spec={"schedule": "0 3 * * *", "jobTemplate": {"spec": {"template": template}}})
    turn(cluster)
    (job,) = cluster.store.all("jobs.batch", "shop")

    assert condition(job, ends) == "True"
    assert ("lastSuccessfulTime" in seen(cluster, "cronjobs.batch", "backup")["status"]) == (ends == "Complete")


def test_an_autoscaler_keeps_its_minimum_and_wants_requests(cluster: Cluster) -> None:
    make(cluster, DEPLOYMENTS, "web", spec=web(replicas=1))
    target = {"kind": "Deployment", "name": "web"}
    make(cluster, SCALERS, "web", spec={"scaleTargetRef": target, "minReplicas": 3, "maxReplicas": 5})
    make(cluster, SCALERS, "lost", spec={"scaleTargetRef": {"kind": "Deployment", "name": "x"}, "maxReplicas": 5})
    turn(cluster)

    assert len(pods(cluster)) == 3
    assert condition(seen(cluster, SCALERS, "web"), "ScalingActive") == "True"
    assert condition(seen(cluster, SCALERS, "lost"), "AbleToScale") == "False"


def test_services_ingresses_claims_and_budgets_get_what_they_wait_for(cluster: Cluster) -> None:
    make(cluster, DEPLOYMENTS, "web", spec=web(replicas=3))
    make(cluster, "services", "web", spec={"type": "LoadBalancer", "selector": {"app": "web"}, "ports": [{"port": 80}]})
    make(cluster, "ingresses.networking.k8s.io", "web", spec={})
    make(cluster, "persistentvolumeclaims", "data", spec={"resources": {"requests": {"storage": "1Gi"}}})
    make(cluster, "poddisruptionbudgets.policy", "web", spec={"minAvailable": 2, "selector": {"matchLabels": {"app": "web"}}})
    turn(cluster)

    assert len(seen(cluster, "endpoints", "web")["subsets"][0]["addresses"]) == 3
    assert seen(cluster, "services", "web")["status"]["loadBalancer"]["ingress"]
    assert seen(cluster, "ingresses.networking.k8s.io", "web")["status"]["loadBalancer"]["ingress"]
    assert seen(cluster, "persistentvolumeclaims", "data")["status"]["phase"] == "Bound"
    assert seen(cluster, "poddisruptionbudgets.policy", "web")["status"]["disruptionsAllowed"] == 1


@pytest.mark.parametrize(
    ("store", "ready"), [("aws-secrets-manager", "True"), ("nobody-knows", "False")], ids=["a store", "no such store"]
)
def test_an_external_secret_is_fetched_from_its_store(cluster: Cluster, store: str, ready: str) -> None:
    spec = {"secretStoreRef": {"kind": "ClusterSecretStore", "name": store}, "data": [{"secretKey": "password"}]}
    make(cluster, "externalsecrets.external-secrets.io", "db", spec=spec)
    turn(cluster)

    assert condition(seen(cluster, "externalsecrets.external-secrets.io", "db"), "Ready") == ready
    assert (seen(cluster, "secrets", "db") is not None) == (ready == "True")


def test_what_goes_takes_along_what_it_owns(cluster: Cluster) -> None:
    make(cluster, DEPLOYMENTS, "web", spec=web(replicas=2))
    turn(cluster)
    cluster.store.remove(DEPLOYMENTS, seen(cluster, DEPLOYMENTS, "web"))

    assert pods(cluster) == cluster.store.all("replicasets.apps", "shop") == []


def test_pods_wait_while_no_node_is_ready(cluster: Cluster) -> None:
    for each in cluster.store.all("nodes"):
        cluster.store.change("nodes", {**each, "spec": {"unschedulable": True}})
    make(cluster, DEPLOYMENTS, "web", spec=web(replicas=1))
    turn(cluster)

    assert condition(pods(cluster)[0], "PodScheduled") == "False"
    assert metrics.pods(cluster, "shop") == []
