from typing import Any

import pytest

from tasks import evaluation
from tasks.core.errors import ActionError
from tasks.core.registry import catalogue
from tasks.core.verdicts import Status
from tests.tasks.actions.kubernetes.shop import DEPLOYMENTS, Shop

pytestmark = pytest.mark.sandbox

SCALE = catalogue()["kubernetes.replicas.set_to"]
FIVE: dict[str, Any] = {"workload": "web", "namespace": "shop", "replicas": 5, "timeout_minutes": 0.2}


def test_gives_the_workload_its_pods(shop: Shop) -> None:
    done = evaluation.perform(SCALE, FIVE, shop.session)

    assert done.summary == "web has 5 pods."
    assert shop.deployed("web")["status"]["availableReplicas"] == 5


def test_undo_wants_as_many_as_before_and_may_be_called_twice(shop: Shop) -> None:
    noted = evaluation.before(SCALE, FIVE, shop.session)
    evaluation.perform(SCALE, FIVE, shop.session)
    first, second = [evaluation.undo(SCALE, FIVE, shop.session, noted) for _ in range(2)]

    assert (first.status, first.summary) == (Status.PASSED, "web has 2 pods again.")
    assert second.summary == "web wants 2 pods as before; nothing had to be undone."


@pytest.mark.parametrize(
    ("now", "settled"),
    [(5, "done"), (2, "not done"), (3, "unknown")],
    ids=["as wanted", "as before", "as somebody else wanted"],
)
def test_an_interrupted_attempt_is_told_by_the_number_wanted(shop: Shop, now: int, settled: str) -> None:
    noted = evaluation.before(SCALE, FIVE, shop.session)
    shop.writer.patch(DEPLOYMENTS, "web", "shop", {"spec": {"replicas": now}})

    assert evaluation.settle(SCALE, FIVE, shop.session, noted) == settled


def test_pods_that_never_get_ready_fail_it(shop: Shop) -> None:
    shop.cluster.ask("behaviours", "PUT", [{"does": "pull"}])

    with pytest.raises(ActionError, match="ImagePullBackOff"):
        evaluation.perform(SCALE, FIVE, shop.session)
