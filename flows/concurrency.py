"""How many checks run at the same time, and how a subflow starts without a second heart."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

_AT_ONCE = 16
"""Checks wait for the network, not for the processor; more at once would only meet the throttling of the other side."""


def pool() -> TaskRunner[Any]:
    """The threads of one flow."""
    return ThreadPoolTaskRunner(max_workers=_AT_ONCE)


@contextmanager
def one_heartbeat() -> Iterator[None]:
    """Let a subflow run without a heartbeat of its own: the release's is enough, and each costs a second."""
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield
