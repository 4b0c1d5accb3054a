import json
from typing import Any

import pytest

from tasks import evaluation
from tasks.connect.kubernetes import KubernetesWriter
from tasks.core.errors import Absent, ActionError, EvidenceError, Malformed
from tasks.core.redaction import HIDDEN
from tasks.core.registry import catalogue
from tasks.core.verdicts import Status
from tests.tasks.actions.kubernetes.shop import CONFIG_MAPS, HANGING, NEW, OLD, Shop, config, web
from tests.tasks.objects import Object, thing
from tests.tasks.world import write

pytestmark = pytest.mark.sandbox

APPLY = catalogue()["kubernetes.manifests.apply"]
ALL: dict[str, Any] = {"paths": ["k8s"], "namespace": "shop", "timeout_minutes": 0.2}
SERVICE = thing("v1", "Service", "web", spec={"selector": {"app": "web"}, "ports": [{"port": 80}]})


def lay_out(shop: Shop, *things: Object) -> None:
    write(shop.folder, {f"k8s/{number}.json": json.dumps(each) for number, each in enumerate(things)})


def lay_out_release(shop: Shop) -> None:
    lay_out(shop, web(NEW), config(LOG_LEVEL="WARNING"), SERVICE)


def test_applies_what_is_in_the_folder_and_waits_for_what_rolls_out(shop: Shop) -> None:
    lay_out_release(shop)
    done = evaluation.perform(APPLY, ALL, shop.session)

    assert done.summary == "Applied 3 objects, 1 of which were rolled out: Deployment web, ConfigMap web, Service web."
    assert (shop.image(), shop.config()) == (NEW, {"LOG_LEVEL": "WARNING"})


def test_the_release_gives_images_their_tags(shop: Shop) -> None:
    lay_out(shop, web(OLD))
    evaluation.perform(APPLY, {**ALL, "images": {"registry.example.com/web": "1.2.0"}}, shop.session)

    assert shop.image() == NEW


def test_undo_puts_back_and_takes_away_and_may_be_called_twice(shop: Shop) -> None:
    lay_out_release(shop)
    noted = evaluation.before(APPLY, ALL, shop.session)
    evaluation.perform(APPLY, ALL, shop.session)
    first, second = [evaluation.undo(APPLY, ALL, shop.session, json.loads(json.dumps(noted))) for _ in range(2)]

    assert (shop.image(), shop.config(), shop.writer.get("v1/services", "web", "shop")) == (OLD, {"LOG_LEVEL": "INFO"}, None)
    assert (
        first.summary
        == "Put back what the manifests changed: services web deleted, configmaps web put back, deployments web put back."
    )
    assert (second.status, second.summary) == (Status.PASSED, "Nothing had to be put back.")


def test_undo_makes_again_what_was_deleted_meanwhile(shop: Shop) -> None:
    lay_out_release(shop)
    noted = evaluation.before(APPLY, ALL, shop.session)
    shop.writer.delete(CONFIG_MAPS, "web", "shop")
    evaluation.undo(APPLY, ALL, shop.session, noted)

    assert shop.config() == {"LOG_LEVEL": "INFO"}


def test_a_secret_that_the_record_hid_is_not_written_back_as_hidden(shop: Shop) -> None:
    lay_out_release(shop)
    noted = json.loads(json.dumps(evaluation.before(APPLY, ALL, shop.session)).replace('"INFO"', f'"{HIDDEN}"'))
    evaluation.perform(APPLY, ALL, shop.session)
    with pytest.raises(ActionError, match="configmaps web: a secret in it was hidden"):
        evaluation.undo(APPLY, ALL, shop.session, noted)

    assert (shop.config(), shop.image()) == ({"LOG_LEVEL": "WARNING"}, OLD)


def test_a_deployment_whose_secret_the_record_hid_comes_back_from_its_revision(shop: Shop) -> None:
    lay_out(shop, web(NEW))
    noted = json.loads(json.dumps(evaluation.before(APPLY, ALL, shop.session)).replace('"sleep"', f'"{HIDDEN}"'))
    evaluation.perform(APPLY, ALL, shop.session)
    evaluation.undo(APPLY, ALL, shop.session, noted)

    container = shop.deployed("web")["spec"]["template"]["spec"]["containers"][0]

    assert (container["image"], container["lifecycle"]["preStop"]["exec"]["command"]) == (OLD, ["sleep", "5"])


def test_a_rollout_that_gets_stuck_fails_it(shop: Shop) -> None:
    lay_out(shop, web(HANGING))

    with pytest.raises(ActionError, match="its progress deadline has passed"):
        evaluation.perform(APPLY, ALL, shop.session)


def apply_some(writer: KubernetesWriter, *things: Object) -> None:
    resources = {"Deployment": "apps/v1/deployments", "ConfigMap": CONFIG_MAPS, "Service": "v1/services"}
    for each in things:
        writer.apply(resources[each["kind"]], each, "shop")


@pytest.mark.parametrize(
    ("applied", "settled"),
    [
        ([], "not done"),
        ([web(NEW)], "unknown"),
        ([web(NEW), config(LOG_LEVEL="WARNING"), SERVICE], "done"),
    ],
    ids=["nothing was applied", "a part was", "everything was"],
)
def test_an_interrupted_attempt_is_told_by_comparing(shop: Shop, applied: list[Object], settled: str) -> None:
    lay_out_release(shop)
    noted = evaluation.before(APPLY, ALL, shop.session)
    apply_some(shop.writer, *applied)

    assert evaluation.settle(APPLY, ALL, shop.session, noted) == settled


@pytest.mark.parametrize(
    ("files", "error", "says"),
    [
        ({"k8s/a.json": json.dumps(thing("v1", "Secret", "web"))}, ActionError, "use an ExternalSecret"),
        ({"k8s/a.json": json.dumps(thing("apps/v1", "Deployment", "web", "bank"))}, ActionError, "is of namespace bank"),
        ({"k8s/a.json": json.dumps(thing("example.com/v1", "Thing", "web"))}, Absent, "404"),
        ({"k8s/a.json": json.dumps(thing("v1", "Thing", "web"))}, Absent, "no kind Thing in v1"),
        ({"k8s/a.yaml": "kind: ConfigMap"}, Malformed, "a.yaml holds a document without apiVersion"),
        ({"k8s/a.yaml": "{"}, Malformed, "a.yaml cannot be understood"),
        ({"k8s/readme.txt": "nothing"}, EvidenceError, "no Kubernetes object in k8s"),
        ({}, Absent, "no file or folder 'k8s'"),
    ],
    ids=["a secret", "another namespace", "unknown group", "unknown kind", "no object", "no YAML", "no manifest", "no folder"],
)
def test_what_cannot_be_applied_is_refused_before_anything_is(
    shop: Shop, files: dict[str, str], error: type[Exception], says: str
) -> None:
    write(shop.folder, files)

    with pytest.raises(error, match=says):
        evaluation.before(APPLY, ALL, shop.session)


def test_several_documents_and_lists_are_read_and_namespaces_come_first(shop: Shop) -> None:
    listed = json.dumps({"apiVersion": "v1", "kind": "List", "items": [config(A="1"), {**SERVICE}]})
    document = "apiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n"
    write(shop.folder, {"k8s/a.yaml": f"{listed}\n---\n{document}---\n"})
    done = evaluation.perform(APPLY, ALL, shop.session)

    assert done.summary.endswith("0 of which were rolled out: Namespace other, ConfigMap web, Service web.")


def test_a_field_of_another_owner_is_a_conflict(shop: Shop) -> None:
    lay_out(shop, web(NEW))
    shop.cluster.ask("faults", "PUT", [{"name": "conflict", "verb": "patch", "status": 409}])

    with pytest.raises(EvidenceError, match="with 409"):
        evaluation.perform(APPLY, ALL, shop.session)
