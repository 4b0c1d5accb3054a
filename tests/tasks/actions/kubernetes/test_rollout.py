from typing import Any

import pytest

from tasks import evaluation
from tasks.core.errors import Absent, ActionError
from tasks.core.registry import catalogue
from tasks.core.verdicts import Status
from tests.tasks.actions.kubernetes.shop import CRASHING, DEPLOYMENTS, HANGING, NEW, OLD, Shop

pytestmark = pytest.mark.sandbox

IMAGE, RESTART = catalogue()["kubernetes.rollout.set_image"], catalogue()["kubernetes.rollout.restart"]
TO_NEW: dict[str, Any] = {"deployment": "web", "namespace": "shop", "image": NEW, "timeout_minutes": 0.2}
PODS: dict[str, Any] = {"workloads": ["web"], "namespace": "shop", "timeout_minutes": 0.2}


def begin(shop: Shop, image: str) -> None:
    """As a process does that dies right after its request."""
    change = {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": image}]}}}}
    shop.writer.patch(DEPLOYMENTS, "web", "shop", change)


def test_rolls_the_image_out_and_says_which_revision_it_is(shop: Shop) -> None:
    done = evaluation.perform(IMAGE, TO_NEW, shop.session)

    assert done.summary == f"Deployment web runs {NEW}."
    assert dict(done.facts) == {"image": NEW, "revision": "2"}


def test_undo_goes_back_to_the_revision_and_may_be_called_twice(shop: Shop) -> None:
    noted = evaluation.before(IMAGE, TO_NEW, shop.session)
    evaluation.perform(IMAGE, TO_NEW, shop.session)
    first, second = [evaluation.undo(IMAGE, TO_NEW, shop.session, noted) for _ in range(2)]

    assert (first.status, second.status, shop.image()) == (Status.PASSED, Status.PASSED, OLD)
    assert first.summary == f"Deployment web runs revision 1 ({OLD}) again."
    assert second.summary == f"Deployment web runs revision 1 ({OLD}) as before; nothing had to be undone."


@pytest.mark.parametrize(
    ("image", "reason"),
    [(HANGING, "running, but not ready"), (CRASHING, "CrashLoopBackOff")],
    ids=["never gets ready", "crashes"],
)
def test_a_stuck_rollout_fails_with_the_reason_and_can_be_undone(shop: Shop, image: str, reason: str) -> None:
    bad = {**TO_NEW, "image": image}
    noted = evaluation.before(IMAGE, bad, shop.session)
    with pytest.raises(ActionError, match="its progress deadline has passed") as failure:
        evaluation.perform(IMAGE, bad, shop.session)
    evaluation.undo(IMAGE, bad, shop.session, noted)

    assert reason in str(failure.value)
    assert shop.image() == OLD


def test_undo_takes_away_what_the_newer_template_added(shop: Shop) -> None:
    noted = evaluation.before(IMAGE, TO_NEW, shop.session)
    added = {"name": "app", "image": NEW, "env": [{"name": "MODE", "value": "new"}]}
    shop.writer.patch(DEPLOYMENTS, "web", "shop", {"spec": {"template": {"spec": {"containers": [added]}}}})
    evaluation.undo(IMAGE, TO_NEW, shop.session, noted)

    assert "env" not in shop.deployed("web")["spec"]["template"]["spec"]["containers"][0]


def test_a_revision_that_is_not_kept_is_said_to_be_gone(shop: Shop) -> None:
    evaluation.perform(IMAGE, TO_NEW, shop.session)
    verdict = None
    with pytest.raises(ActionError, match="does not keep revision 1"):
        verdict = evaluation.undo(IMAGE, TO_NEW, shop.session, {"revision": "1", "replica_set": "web-gone", "image": OLD})

    assert verdict is None


def test_an_interrupted_rollout_that_went_on_is_done(shop: Shop) -> None:
    noted = evaluation.before(IMAGE, TO_NEW, shop.session)
    begin(shop, NEW)

    assert evaluation.settle(IMAGE, TO_NEW, shop.session, noted) == "done"


def test_a_rollout_that_never_began_is_not_done(shop: Shop) -> None:
    noted = evaluation.before(IMAGE, TO_NEW, shop.session)

    assert evaluation.settle(IMAGE, TO_NEW, shop.session, noted) == "not done"


def test_an_interrupted_rollout_that_is_stuck_is_unknown(shop: Shop) -> None:
    bad = {**TO_NEW, "image": HANGING}
    noted = evaluation.before(IMAGE, bad, shop.session)
    begin(shop, HANGING)

    assert evaluation.settle(IMAGE, bad, shop.session, noted) == "unknown"


def test_a_deployment_that_somebody_else_changed_is_unknown(shop: Shop) -> None:
    noted = evaluation.before(IMAGE, TO_NEW, shop.session)
    begin(shop, "registry.example.com/web:1.3.0")

    assert evaluation.settle(IMAGE, TO_NEW, shop.session, noted) == "unknown"


def test_a_cluster_that_does_not_answer_leaves_it_unknown(shop: Shop) -> None:
    noted = evaluation.before(IMAGE, TO_NEW, shop.session)
    shop.cluster.ask("faults", "PUT", [{"name": "denied", "status": 403}])

    assert evaluation.settle(IMAGE, TO_NEW, shop.session, noted) == "unknown"


def test_nothing_is_begun_while_another_rollout_goes_on(shop: Shop) -> None:
    begin(shop, HANGING)

    with pytest.raises(ActionError, match="let it come to rest first"):
        evaluation.before(IMAGE, TO_NEW, shop.session)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"deployment": "api"}, Absent, "no deployment api in namespace shop"),
        ({"container": "x"}, ActionError, "no container 'x'"),
    ],
    ids=["no such deployment", "no such container"],
)
def test_what_is_not_there_cannot_be_rolled_out(
    shop: Shop, arguments: dict[str, str], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        evaluation.perform(IMAGE, TO_NEW | arguments, shop.session)


def test_a_restart_gives_every_pod_a_successor(shop: Shop) -> None:
    earlier = {each["metadata"]["name"] for each in shop.writer.objects("v1/pods", "shop")}
    noted = evaluation.before(RESTART, PODS, shop.session)
    evaluation.perform(RESTART, PODS, shop.session)
    later = {each["metadata"]["name"] for each in shop.writer.objects("v1/pods", "shop")}

    assert (len(later), earlier & later) == (2, set())
    assert evaluation.settle(RESTART, PODS, shop.session, noted) == "done"


def test_a_restart_that_never_began_is_not_done_and_needs_no_undoing(shop: Shop) -> None:
    noted = evaluation.before(RESTART, PODS, shop.session)
    verdict = evaluation.undo(RESTART, PODS, shop.session, noted)

    assert evaluation.settle(RESTART, PODS, shop.session, noted) == "not done"
    assert verdict.summary == "A restart of web has nothing to undo, and its pods are ready."


def test_a_kind_that_does_not_roll_out_is_refused(shop: Shop) -> None:
    with pytest.raises(ActionError, match="'job/x' names no workload"):
        evaluation.perform(RESTART, {**PODS, "workloads": ["job/x"]}, shop.session)
