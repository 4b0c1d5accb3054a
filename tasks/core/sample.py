"""One sample of the world: each distinct read happens once in it, however many checks ask for it.

A gate opens when all its checks passed in the same sample, so what two of its checks see of one resource is the same
answer. Failures are remembered like answers: a denied read is denied to all who ask.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, runtime_checkable

from tasks.core.errors import GatesError
from tasks.core.redaction import redact

_LONGEST_ANSWER = 4000


@dataclass
class Reading:
    """One question asked of the outside world, and its answer or its error."""

    door: str
    question: str
    at: datetime
    seconds: float = 0.0
    answer: Any = None
    error: BaseException | None = None

    def as_evidence(self) -> dict[str, Any]:
        """The reading as it is kept: redacted, and cut where it is long."""
        outcome = {"error": redact(str(self.error))} if self.error else {"answer": _short(redact(_plain(self.answer)))}
        moment = {
            "door": self.door,
            "question": redact(self.question),
            "at": self.at.isoformat(timespec="milliseconds"),
        }
        return moment | {"seconds": round(self.seconds, 3)} | outcome


@dataclass
class _Flight:
    reading: Reading
    landed: threading.Event = field(default_factory=threading.Event)


class Sample:
    """The readings of one look at the world. Safe to share between threads."""

    def __init__(self) -> None:
        self.started = datetime.now(UTC)
        self._flights: dict[str, _Flight] = {}
        self._lock = threading.Lock()

    def read(self, door: str, question: str, ask: Callable[[], Any]) -> Reading:
        """The reading for ``question``, asked at most once; a second asker waits for the first one's answer.

        ``functools.lru_cache`` would run ``ask`` once for each thread that arrives before the first answer.
        """
        key = f"{door}\n{question}"
        with self._lock:
            flight = self._flights.get(key)
            mine = flight is None
            if flight is None:
                flight = self._flights[key] = _Flight(Reading(door, question, datetime.now(UTC)))
        if mine:
            try:
                _take(flight.reading, ask)
            finally:
                flight.landed.set()
        else:
            flight.landed.wait()
        return flight.reading

    @property
    def readings(self) -> list[Reading]:
        """Every reading taken so far, in the order they were first asked for."""
        with self._lock:
            return [flight.reading for flight in self._flights.values() if flight.landed.is_set()]


class Trail:
    """What one item read: the questions behind its verdict, in order, each once."""

    def __init__(self, sample: Sample) -> None:
        self.sample = sample
        self.readings: list[Reading] = []

    def read(self, door: str, question: str, ask: Callable[[], Any]) -> Any:
        """The answer to ``question``. Raises the error that the read ended in."""
        reading = self.sample.read(door, question, ask)
        if all(reading is not each for each in self.readings):
            self.readings.append(reading)
        if reading.error is not None:
            raise reading.error
        return reading.answer


@runtime_checkable
class Told(Protocol):
    """An answer that evidence keeps in another form than its fields: shorter, or easier to read."""

    def as_evidence(self) -> Any:
        """What is kept, as JSON has it."""


def _take(reading: Reading, ask: Callable[[], Any]) -> None:
    begun = time.monotonic()
    try:
        reading.answer = ask()
    except GatesError as error:
        reading.error = error
    except BaseException as error:
        reading.error = error  # whoever else waits for this answer must get the error too
        raise
    finally:
        reading.seconds = time.monotonic() - begun


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items() if name != "ResponseMetadata"}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(each) for each in value]
    if isinstance(value, (str, int, float, bool, bytes)) or value is None:
        return value
    return value.as_evidence() if isinstance(value, Told) else str(value)


def _short(value: Any) -> Any:
    text = str(value)
    return value if len(text) <= _LONGEST_ANSWER else f"{text[:_LONGEST_ANSWER]} … ({len(text)} characters)"
