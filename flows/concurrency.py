"""How many checks run at the same time."""

from typing import Any

from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

_AT_ONCE = 16
"""Checks wait for the network, not for the processor; more at once would only meet the throttling of the other side."""


def pool() -> TaskRunner[Any]:
    """The threads of one flow."""
    return ThreadPoolTaskRunner(max_workers=_AT_ONCE)
