"""The one adapter between the catalogue and Prefect: an item becomes one task run named by its title.

What was judged is told by the state's name: a check that judged FAILED is a run that completed with the state "Failed
check"; Prefect's own Failed means that our code broke.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.futures import PrefectFuture, wait
from prefect.states import Completed

from tasks.core.verdicts import Status, Verdict, unknown

STATE_NAMES = {
    Status.PASSED: "Passed",
    Status.FAILED: "Failed check",
    Status.UNKNOWN: "Unknown",
    Status.SKIPPED: "Skipped",
    Status.WAIVED: "Waived",
}

Work = Callable[[], Verdict]
log = logging.getLogger("gates.item")
_LONGEST_MESSAGE = 1000
AWAITING = "awaiting"
"""The fact by which a verdict says that a person, of the role it names, has still to sign."""


def together(works: Mapping[str, tuple[str, Work]]) -> dict[str, Verdict]:
    """Run the works at the same time, ``id -> (title, work)``, one task run each, inside the current flow.

    Returns every verdict by its ID. A work that broke, for it must not raise, is UNKNOWN: a gate stays closed on it.
    """
    verdicts: dict[str, Verdict] = {}
    futures: list[PrefectFuture[Any]] = [
        _task(name, title, work, verdicts).submit(return_state=False) for name, (title, work) in works.items()
    ]
    wait(futures)
    return {name: verdicts.get(name) or _broken(title) for name, (title, _work) in works.items()}


def alone(name: str, title: str, work: Work) -> Verdict:
    """Run one work as a task run and wait for it."""
    verdicts: dict[str, Verdict] = {}
    _task(name, title, work, verdicts)(return_state=True)
    return verdicts.get(name) or _broken(title)


def _task(name: str, title: str, work: Work, verdicts: dict[str, Verdict]) -> Task[[], Any]:
    def run() -> State[Any]:
        verdict = work()
        verdicts[name] = verdict
        state_name = "Awaiting sign-off" if AWAITING in verdict.facts else STATE_NAMES[verdict.status]
        log.info("%s: %s", state_name, verdict.summary)
        return Completed(name=state_name, message=verdict.summary[:_LONGEST_MESSAGE])

    # Closing over the work and caching nothing: a parameter that cannot be hashed logs a traceback for each task.
    return Task(fn=run, name=name, task_run_name=lambda: title[:200], cache_policy=NO_CACHE, persist_result=False)


def _broken(title: str) -> Verdict:
    return unknown(
        f"Judging '{title}' broke; the task run's log has the traceback.", "Report the traceback; the check is at fault."
    )
