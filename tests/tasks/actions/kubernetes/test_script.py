import json
import shutil
import sys
from typing import Any

import pytest

from tasks import evaluation
from tasks.core.errors import ActionError
from tasks.core.registry import catalogue
from tasks.core.verdicts import Status
from tests.tasks.actions.kubernetes.shop import DEPLOYMENTS, NEW, OLD, Shop, config, web
from tests.tasks.objects import thing
from tests.tasks.world import write

pytestmark = pytest.mark.sandbox

DEPLOY = catalogue()["kubernetes.script.deploy"]
ARGUMENTS: dict[str, Any] = {
    "command": [sys.executable, "deploy.py"],
    "namespace": "shop",
    "workloads": ["web"],
    "version": "1.2.0",
    "timeout_minutes": 0.2,
}
SERVICE = thing("v1", "Service", "web", spec={"selector": {"app": "web"}, "ports": [{"port": 80}]})
# A team's script stands for itself: it uses what it likes, and not our doors.
SCRIPT = """
import json, sys, urllib.request
for path, thing in json.load(open("things.json")):
    request = urllib.request.Request({url!r} + path, json.dumps(thing).encode(), method="PATCH")
    request.add_header("Content-Type", "application/apply-patch+yaml")
    urllib.request.urlopen(request)
print("applied"); sys.exit({status})
"""


def lay_out(shop: Shop, image: str = NEW, status: int = 0) -> None:
    place = "/api/v1/namespaces/shop"
    things = [
        (f"{place}/configmaps/web?fieldManager=team", config(LOG_LEVEL="WARNING")),
        (f"{place}/services/web?fieldManager=team", SERVICE),
        ("/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=team", web(image)),
    ]
    script = SCRIPT.format(url=f"http://127.0.0.1:{shop.cluster.port}", status=status)
    write(shop.folder, {"things.json": json.dumps(things), "deploy.py": script})


def test_runs_the_script_and_sees_the_version_run(shop: Shop) -> None:
    lay_out(shop)
    done = evaluation.perform(DEPLOY, ARGUMENTS, shop.session)

    assert done.summary.endswith("deploy.py` ended well, and web run version 1.2.0.")


def test_undo_makes_the_namespace_what_it_was_and_may_be_called_twice(shop: Shop) -> None:
    lay_out(shop)
    noted = evaluation.before(DEPLOY, ARGUMENTS, shop.session)
    evaluation.perform(DEPLOY, ARGUMENTS, shop.session)
    first, second = [evaluation.undo(DEPLOY, ARGUMENTS, shop.session, json.loads(json.dumps(noted))) for _ in range(2)]

    assert (shop.image(), shop.config(), shop.writer.get("v1/services", "web", "shop")) == (OLD, {"LOG_LEVEL": "INFO"}, None)
    assert (first.status, second.status) == (Status.PASSED, Status.PASSED)
    assert first.summary.endswith("Secrets were left as they are.")
    assert second.summary == "Namespace shop is as it was before the release; nothing had to be undone."


@pytest.mark.parametrize(
    ("image", "status", "says"),
    [(NEW, 3, "ended with 3: applied"), ("registry.example.com/web:1.1.9", 0, "wanted version 1.2.0")],
    ids=["the script failed", "another version runs"],
)
def test_what_did_not_deploy_the_version_failed(shop: Shop, image: str, status: int, says: str) -> None:
    lay_out(shop, image, status)

    with pytest.raises(ActionError, match=says):
        evaluation.perform(DEPLOY, ARGUMENTS, shop.session)


def test_a_script_that_does_not_run_changes_nothing(shop: Shop) -> None:
    with pytest.raises(ActionError, match="not on the PATH"):
        evaluation.perform(DEPLOY, {**ARGUMENTS, "command": ["no-such-program"]}, shop.session)

    assert shutil.which("no-such-program") is None
    assert shop.image() == OLD


def test_an_item_without_a_workload_cannot_be_believed(shop: Shop) -> None:
    lay_out(shop)

    with pytest.raises(ActionError, match="names no workload"):
        evaluation.perform(DEPLOY, {**ARGUMENTS, "workloads": []}, shop.session)


@pytest.mark.parametrize(
    ("changed", "settled"),
    [(None, "not done"), (web(NEW), "done"), (web("registry.example.com/web:hangs"), "unknown")],
    ids=["the script never began", "the version runs", "the rollout is stuck"],
)
def test_an_interrupted_attempt_is_told_by_the_namespace(shop: Shop, changed: dict[str, Any] | None, settled: str) -> None:
    noted = evaluation.before(DEPLOY, ARGUMENTS, shop.session)
    if changed:
        shop.writer.apply(DEPLOYMENTS, changed, "shop")

    assert evaluation.settle(DEPLOY, ARGUMENTS, shop.session, noted) == settled
