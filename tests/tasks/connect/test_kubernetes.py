"""The doors to a cluster: reads only, once a sample, all pages, no secret, every trouble in our words."""

import base64
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from tasks.connect.kubernetes import Kubernetes, KubernetesWriter
from tasks.connect.kubernetes_client import address, connections, request
from tasks.connect.settings import Settings
from tasks.core.errors import Absent, Denied, EvidenceError, GatesError, Malformed, ReadOnly, Throttled, Unreachable
from tasks.core.redaction import redact
from tasks.core.sample import Sample, Trail
from tests.tasks.objects import namespace, thing
from tests.tasks.servers import free_port
from tests.tasks.servers.cluster import StandIn, stand_in
from tests.tasks.servers.web import Page, http_server

pytestmark = pytest.mark.sandbox

PASSWORD = "correct-horse-battery"
SECRET = thing("v1", "Secret", "web", data={"password": base64.b64encode(PASSWORD.encode()).decode()})
MAPS = "v1/configmaps"


@pytest.fixture
def cluster() -> StandIn:
    found = stand_in()
    found.hold([namespace()])
    found.ask("requests", "DELETE")
    return found


def door(cluster: StandIn, trail: Trail | None = None) -> Kubernetes:
    return Kubernetes(cluster.kubeconfig, trail or Trail(Sample()))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
def test_only_get_leaves_the_read_door(cluster: StandIn, method: str) -> None:
    client = connections.client(cluster.kubeconfig, writes=False)
    with pytest.raises(ReadOnly, match=f"may not send {method}"):
        request(client, method, address("v1/namespaces"), what="a change")

    assert cluster.ask("requests") == {}


@pytest.mark.parametrize("way", ["exec", "attach", "portforward", "proxy"])
def test_no_way_into_a_container_leaves_it_either(cluster: StandIn, way: str) -> None:
    client = connections.client(cluster.kubeconfig, writes=False)

    with pytest.raises(ReadOnly):
        request(client, "GET", f"/api/v1/namespaces/shop/pods/web/{way}", what="a way in")


def test_the_clients_own_models_cannot_write_through_it_either(cluster: StandIn) -> None:
    from kubernetes.client import CoreV1Api

    api = CoreV1Api(connections.client(cluster.kubeconfig, writes=False))
    with pytest.raises(ReadOnly):
        api.delete_namespace("shop")

    assert [each.metadata.name for each in api.list_namespace().items] == ["shop"]


def test_one_list_serves_all_who_ask(cluster: StandIn) -> None:
    cluster.hold([thing("v1", "ConfigMap", name, data={"A": "1"}) for name in ("web", "api")])
    sample = Sample()
    threads = [threading.Thread(target=lambda: door(cluster, Trail(sample)).get(MAPS, "web", "shop")) for _ in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    door(cluster, Trail(sample)).get(MAPS, "api", "shop")

    assert cluster.ask("requests") == {"list configmaps": 1}


def test_a_failure_is_remembered_like_an_answer(cluster: StandIn) -> None:
    cluster.ask("faults", "PUT", [{"name": "denied", "resource": "configmaps", "status": 403}])
    sample = Sample()
    for _ in range(3):
        with pytest.raises(Denied):
            door(cluster, Trail(sample)).objects(MAPS, "shop")

    assert cluster.ask("requests") == {"list configmaps": 1}


def test_all_pages_are_read(cluster: StandIn) -> None:
    cluster.hold([thing("v1", "ConfigMap", f"map-{number:04}") for number in range(1100)])
    found = door(cluster).objects(MAPS, "shop")

    assert (len(found), found[-1]["metadata"]["name"]) == (1100, "map-1099")
    assert cluster.ask("requests") == {"list configmaps": 3}


def test_the_values_of_a_secret_go_no_further(cluster: StandIn) -> None:
    cluster.hold([SECRET])
    trail = Trail(Sample())
    keys = door(cluster, trail).secret_keys("web", "shop")
    evidence = json.dumps([each.as_evidence() for each in trail.readings])

    assert keys == {"password": True}
    assert PASSWORD not in evidence
    assert SECRET["data"]["password"] not in evidence
    assert redact(f"it is {PASSWORD} or {SECRET['data']['password']}") == "it is [hidden] or [hidden]"


def test_that_a_secret_exists_is_learnt_without_reading_it(cluster: StandIn) -> None:
    cluster.hold([thing("v1", "Secret", "other", data={"key": base64.b64encode(b"never-fetched-value").decode()})])
    door(cluster).metadata("v1/secrets", "other", "shop")

    assert redact("never-fetched-value") == "never-fetched-value"


def test_variables_and_configuration_are_judged_and_not_shown(cluster: StandIn) -> None:
    env = [{"name": "MODE", "value": "peculiar-mode"}, {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "web"}}}]
    container = {"name": "app", "image": "web:1", "env": env}
    pod = thing("v1", "Pod", "web", spec={"containers": [container]}, status={})
    cluster.hold([pod, thing("v1", "ConfigMap", "web", data={"A": "peculiar-value"})])
    trail = Trail(Sample())
    seen = door(cluster, trail).get("v1/pods", "web", "shop")
    value = door(cluster, trail).get(MAPS, "web", "shop")["data"]["A"]
    evidence = json.dumps([each.as_evidence() for each in trail.readings])

    assert (seen["spec"]["containers"][0]["env"][0]["value"], value) == ("peculiar-mode", "peculiar-value")
    assert "peculiar" not in evidence


def test_what_kubectl_and_the_server_keep_for_themselves_is_left_out(cluster: StandIn) -> None:
    clutter = {"kubectl.kubernetes.io/last-applied-configuration": "{}", "team": "web"}
    meta = {"annotations": clutter, "managedFields": [{"manager": "kubectl"}]}
    cluster.hold([thing("v1", "ConfigMap", "web", metadata=meta)])
    seen = door(cluster).get(MAPS, "web", "shop")["metadata"]

    assert seen["annotations"] == {"team": "web"}
    assert "managedFields" not in seen


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, Denied),
        (403, Denied),
        (404, Absent),
        (409, EvidenceError),
        (410, EvidenceError),
        (429, Throttled),
        (500, Unreachable),
        (503, Unreachable),
    ],
    ids=str,
)
def test_a_refusal_is_told_in_our_words(cluster: StandIn, status: int, error: type[GatesError]) -> None:
    cluster.ask("faults", "PUT", [{"name": "refusal", "resource": "configmaps", "status": status}])
    with pytest.raises(error, match=f"^Kubernetes answered list v1/configmaps in shop with {status}: .*") as told:
        door(cluster).objects(MAPS, "shop")

    assert type(told.value) is error


def test_throttling_that_ends_is_waited_for(cluster: StandIn) -> None:
    cluster.ask("faults", "PUT", [{"name": "busy", "resource": "configmaps", "status": 429, "first": 1}])

    assert door(cluster).objects(MAPS, "shop") == []


def test_a_write_is_not_sent_twice(cluster: StandIn) -> None:
    cluster.ask("faults", "PUT", [{"name": "busy", "verb": "create", "status": 503}])
    with pytest.raises(Unreachable):
        KubernetesWriter(cluster.kubeconfig).create(MAPS, thing("v1", "ConfigMap", "web"), "shop")

    assert cluster.ask("requests") == {"create configmaps": 1}


def test_a_dropped_connection_is_unreachable(cluster: StandIn) -> None:
    cluster.ask("faults", "PUT", [{"name": "gone", "resource": "configmaps", "drop": True}])

    with pytest.raises(Unreachable):
        door(cluster).objects(MAPS, "shop")


def kubeconfig(folder: Path, server: str) -> str:
    user = {"name": "u", "user": {"token": "t"}}
    context = {"name": "c", "context": {"cluster": "c", "user": "u"}}
    clusters = [{"name": "c", "cluster": {"server": server}}]
    content = {"current-context": "c", "contexts": [context], "users": [user], "clusters": clusters}
    path = folder / "kubeconfig"
    path.write_text(json.dumps({"apiVersion": "v1", "kind": "Config", **content}))
    return str(path)


def test_a_server_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="was not reached for list v1/pods"):
        Kubernetes(kubeconfig(tmp_path, f"http://127.0.0.1:{free_port()}"), Trail(Sample())).objects("v1/pods")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<html>login</html>", "not JSON"),
        ("[]", "no JSON object"),
        ("{}", "no field 'items'"),
        ('{"items": {}, "metadata": {}}', "no list"),
    ],
    ids=["a page", "a bare list", "an empty object", "items that are no list"],
)
def test_an_answer_of_another_shape_is_malformed(tmp_path: Path, body: str, says: str) -> None:
    with http_server(Page(body=body)) as url, pytest.raises(Malformed, match=says):
        Kubernetes(kubeconfig(tmp_path, url.removesuffix("/health")), Trail(Sample())).objects("v1/pods")


def test_the_kubeconfig_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", "/somewhere/config")

    assert Settings.from_environment().kubeconfig == "/somewhere/config"


def test_without_any_kubeconfig_there_is_no_way_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    blind = Kubernetes("", Trail(Sample()))

    assert blind.context == "in-cluster"
    with pytest.raises(Denied, match="Set KUBECONFIG"):
        blind.version()


def test_an_object_in_a_list_of_the_write_door_says_what_it_is(cluster: StandIn) -> None:
    cluster.hold([thing("v1", "ConfigMap", "web")])
    found: dict[str, Any] = KubernetesWriter(cluster.kubeconfig).objects(MAPS, "shop")[0]

    assert (found["kind"], found["apiVersion"]) == ("ConfigMap", "v1")


def test_a_variable_that_is_named_like_a_secret_is_learnt_by_the_write_door(cluster: StandIn) -> None:
    env = [{"name": "DB_PASSWORD", "value": "plain-in-the-manifest"}, {"name": "PASSWORD_LOGIN", "value": "true"}]
    cluster.hold([thing("v1", "Pod", "web", spec={"containers": [{"name": "app", "image": "web:1", "env": env}]}, status={})])
    KubernetesWriter(cluster.kubeconfig).get("v1/pods", "web", "shop")

    assert redact("plain-in-the-manifest is true") == "[hidden] is true"
