"""Waiting for AWS to finish what it was asked to do."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from tasks.core.errors import ActionError, Throttled, Unreachable

T = TypeVar("T")

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0


def until(what: str, look: Callable[[], T], enough: Callable[[T], bool], seconds: float) -> T:
    """Look, at growing intervals, until ``enough``; a look that meets no answer counts as not enough.

    ``what`` is what is waited for, as the end of a sentence. Raises ``ActionError`` when ``seconds`` have passed.
    """
    deadline = time.monotonic() + seconds
    pause = _FIRST_PAUSE
    while True:
        trouble = ""
        try:
            seen = look()
            if enough(seen):
                return seen
        except (Unreachable, Throttled) as error:
            trouble = f" {error}"
        if time.monotonic() + pause > deadline:
            raise ActionError(f"After {seconds:g} s AWS had not finished {what}.{trouble}")
        time.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)
