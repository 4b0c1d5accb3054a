"""Door that talks to a WebSocket service as one of its users would: a declared dialogue, held once a sample."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode, urlsplit

from tasks.core.errors import EvidenceError
from tasks.core.redaction import redact
from tasks.core.sample import Trail

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

    from tasks.connect.session import Session

_KEYS = ("name", "as", "connect", "send", "expect", "keep", "refused", "close", "within_seconds", "retry_seconds")
_OPEN_SECONDS = 10.0
_ANSWER_SECONDS = 5.0
_RETRY_PAUSE_SECONDS = 0.5
_LARGEST_MESSAGE = 1_000_000
# Close codes by which a service refuses; others, such as 1006 and 1011, tell that it broke.
_POLICY = 1008
_OF_THE_SERVICE = range(3000, 5000)


@dataclass(frozen=True)
class Step:
    """How one step of the dialogue ended, in one sentence; ``unknown`` was not tried or had nobody to talk to."""

    name: str
    outcome: Literal["passed", "failed", "unknown"]
    said: str
    seconds: float = 0.0

    def __str__(self) -> str:
        return f"{self.name}: {self.outcome} in {self.seconds:.3f} s. {self.said}"


class Conversations:
    """Connects, sends, listens, closes — nothing that a user of the service could not do."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Conversations:  # noqa: ARG003  needs nothing of the session
        """The door; it connects when a dialogue is held."""
        return cls(trail)

    def hold(self, endpoint: str, dialogue: Sequence[Mapping[str, Any]], who: str, known: Mapping[str, str]) -> list[Step]:
        """Hold the dialogue at ``endpoint``; every step's end, in order.

        A step is ``{name, as, connect: {query}, send: {…}, expect: {key: value}, keep: {name: key}, refused, close}`` and does
        those in that order on the connection that ``as`` names. ``{name}`` in a value stands for one of ``known`` or for what
        a step kept. ``who`` tells in the evidence whose tokens are known. After a failed step nothing more is tried.
        Raises ``EvidenceError`` for a dialogue or an endpoint that makes no sense.
        """
        question = f"dialogue of {who or 'nobody'} at {endpoint}: {json.dumps(list(dialogue), sort_keys=True)}"
        steps: list[Step] = self._trail.read("websocket", question, lambda: _held(endpoint, dialogue, dict(known)))
        return steps


class _Failed(Exception):
    """The service did otherwise than the step wanted."""


class _NotReached(Exception):
    """There was nobody to talk to."""


@dataclass
class _Talk:
    endpoint: str
    known: dict[str, Any]
    stack: ExitStack
    connections: dict[str, ClientConnection] = field(default_factory=dict)

    def take(self, step: Mapping[str, Any]) -> str:
        """Do one step; what was seen. Raises ``_Failed`` or ``_NotReached``."""
        who = str(step.get("as", "user"))
        if step.get("refused"):
            return self._refused(step)
        seen = ""
        if "connect" in step:
            begun = time.monotonic()
            self.connections[who] = self._connect(step["connect"] or {})
            _in_time(time.monotonic() - begun, float(step.get("within_seconds", _OPEN_SECONDS)))
            seen = "The connection was accepted."
        if who not in self.connections:
            raise EvidenceError(f"Step '{step['name']}' speaks as '{who}', who has not connected.")
        connection = self.connections[who]
        if "send" in step:
            _send(connection, json.dumps(self._filled(step["send"])))
        if "expect" in step or "keep" in step:
            message = self._awaited(connection, step)
            seen = f"The answer was {_shown(message)}."
            self._keep(message, step.get("keep") or {})
        if step.get("close"):
            del self.connections[who]
            connection.close()
            seen = f"{seen} The connection was closed.".strip()
        return seen

    def _connect(self, query: Mapping[str, Any]) -> ClientConnection:
        from websockets import exceptions
        from websockets.sync.client import connect

        asked = urlencode({name: str(value) for name, value in self._filled(query).items()})
        address = f"{self.endpoint}{'&' if urlsplit(self.endpoint).query else '?'}{asked}" if asked else self.endpoint
        try:
            opened = connect(address, open_timeout=_OPEN_SECONDS, close_timeout=2, max_size=_LARGEST_MESSAGE)
        except exceptions.InvalidStatus as error:
            status = error.response.status_code
            raise (_NotReached if status == 429 else _Failed)(f"The handshake was answered {status}.") from error
        except (OSError, exceptions.InvalidHandshake) as error:  # TimeoutError is an OSError
            raise _NotReached(f"No WebSocket connection to {self.endpoint}: {redact(str(error))}.") from error
        self.stack.enter_context(opened)
        return opened

    def _refused(self, step: Mapping[str, Any]) -> str:
        """The handshake ends in 4xx, or the server hangs up for cause; tried again until ``retry_seconds`` are over."""
        deadline = time.monotonic() + float(step.get("retry_seconds", 0))
        while True:
            try:
                connection = self._connect(step.get("connect") or {})
            except _Failed as refusal:
                if "answered 4" in str(refusal):
                    return str(refusal)
                raise
            if _hangs_up(connection, float(step.get("within_seconds", _RETRY_PAUSE_SECONDS))):
                return "The server closed the connection at once, saying why."
            connection.close()
            if time.monotonic() >= deadline:
                raise _Failed("The connection was accepted, wanted refused.")

    def _awaited(self, connection: ClientConnection, step: Mapping[str, Any]) -> Mapping[str, Any]:
        """The first message that is as expected; others, such as notices to all, may come before it."""
        from websockets.exceptions import ConnectionClosed

        wanted = self._filled(step.get("expect") or {})
        patience = float(step.get("within_seconds", _ANSWER_SECONDS))
        deadline, last = time.monotonic() + patience, "nothing"
        while True:
            try:
                message = _parsed(connection.recv(timeout=max(0.0, deadline - time.monotonic())))
            except TimeoutError as error:
                raise _Failed(f"Within {patience:g} s came {last}, wanted {_shown(wanted)}.") from error
            except ConnectionClosed as error:
                raise _Failed(f"The server hung up after {last}, wanted {_shown(wanted)}.") from error
            if all(name in message and message[name] == value for name, value in wanted.items()):
                return message
            last = _shown(message)

    def _keep(self, message: Mapping[str, Any], keep: Mapping[str, str]) -> None:
        for name, key in keep.items():
            if message.get(key) in (None, ""):
                raise _Failed(f"The answer {_shown(message)} has no '{key}'.")
            self.known[name] = message[key]

    def _filled(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {str(name): self._filled(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._filled(each) for each in value]
        if not isinstance(value, str):
            return value
        if value[:1] == "{" and value[-1:] == "}" and value[1:-1] in self.known:
            return self.known[value[1:-1]]
        for name, known in self.known.items():
            value = value.replace(f"{{{name}}}", str(known))
        return value


def _held(endpoint: str, dialogue: Sequence[Mapping[str, Any]], known: dict[str, Any]) -> list[Step]:
    if urlsplit(endpoint).scheme not in ("ws", "wss"):
        raise EvidenceError(f"'{endpoint}' is no WebSocket endpoint; wanted wss://….")
    for step in dialogue:
        if mistake := _mistake(step):
            raise EvidenceError(f"Step '{step.get('name', '')}' of the dialogue {mistake}.")
    steps: list[Step] = []
    with ExitStack() as stack:
        talk = _Talk(endpoint, known, stack)
        for step in dialogue:
            steps.append(_tried(talk, step, next((each for each in steps if each.outcome != "passed"), None)))
    return steps


def _mistake(step: Mapping[str, Any]) -> str:
    """What makes the step senseless; empty: nothing does."""
    if not step.get("name"):
        return "has no name"
    if surplus := sorted(set(step) - set(_KEYS)):
        return f"has '{surplus[0]}'; a step may have {', '.join(_KEYS)}"
    if not any(step.get(key) for key in ("expect", "keep", "refused", "close")) and "connect" not in step:
        return "proves nothing: it neither connects, expects an answer, nor closes"
    if any(not isinstance(step[key], dict) for key in ("connect", "send", "expect", "keep") if step.get(key)):
        return "needs names and values under connect, send, expect and keep"
    if any(not isinstance(step[key], (int, float)) for key in ("within_seconds", "retry_seconds") if key in step):
        return "needs numbers of seconds"
    return ""


def _tried(talk: _Talk, step: Mapping[str, Any], trouble: Step | None) -> Step:
    name = str(step["name"])
    if trouble is not None:
        return Step(name, "unknown", f"Not reached, for step '{trouble.name}' had not passed: {trouble.said}")
    begun = time.monotonic()
    try:
        seen = talk.take(step)
    except _Failed as failure:
        return Step(name, "failed", str(failure), time.monotonic() - begun)
    except _NotReached as failure:
        return Step(name, "unknown", str(failure), time.monotonic() - begun)
    return Step(name, "passed", seen, time.monotonic() - begun)


def _in_time(seconds: float, patience: float) -> None:
    if seconds > patience:
        raise _Failed(f"The connection was accepted after {seconds:.2f} s, wanted at most {patience:g} s.")


def _send(connection: ClientConnection, text: str) -> None:
    from websockets.exceptions import ConnectionClosed

    try:
        connection.send(text)
    except ConnectionClosed as error:
        raise _Failed("The server had closed the connection before the message was sent.") from error


def _hangs_up(connection: ClientConnection, patience: float) -> bool:
    from websockets.exceptions import ConnectionClosed

    try:
        connection.recv(timeout=patience)
    except TimeoutError:
        return False
    except ConnectionClosed as error:
        code = error.rcvd.code if error.rcvd else 0
        return code == _POLICY or code in _OF_THE_SERVICE
    return False


def _parsed(message: str | bytes) -> Mapping[str, Any]:
    try:
        content = json.loads(message)
    except ValueError:
        content = None
    return content if isinstance(content, dict) else {"": str(message)[:200]}


def _shown(message: Mapping[str, Any]) -> str:
    return json.dumps(redact(message), ensure_ascii=False)[:300]
