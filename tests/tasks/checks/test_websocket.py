from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers import free_port
from tests.tasks.servers.sessions import Service, serving
from tests.tasks.users import NAMES, world
from tests.tasks.world import DENIED, Case, Place

SUCCEEDS = "websocket.step_succeeds"
CREATE = {
    "name": "create",
    "as": "speaker",
    "connect": {"token": "{token}", "role": "speaker"},
    "expect": {"type": "created", "number": 7},
    "keep": {"session": "id"},
}
JOIN = {"name": "join", "as": "listener", "connect": {"token": "{token}", "role": "listener", "session": "{session}"}}
BEAT = {
    "name": "beat",
    "as": "speaker",
    "send": {"action": "beat", "of": "{session}"},
    "expect": {"type": "heartbeatAck", "echo": {"action": "beat", "of": "s-1"}},
    "within_seconds": 0.3,
}
CLOSE = {"name": "leave", "as": "speaker", "close": True}
LATE = {"name": "leave", "as": "late", "connect": JOIN["connect"], "refused": True, "within_seconds": 0.05}
STRANGER = {"name": "stranger", "as": "stranger", "connect": {"token": "bad"}, "refused": True}
DIALOGUE = [CREATE, JOIN, BEAT, STRANGER, CLOSE, LATE | {"retry_seconds": 2}]
HEALTHY = serving(Service)


def nowhere() -> AbstractContextManager[Place]:
    """No server: the arguments name the endpoint."""
    return nullcontext(Place())


def step(name: str, *dialogue: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"step": name, "dialogue": list(dialogue or DIALOGUE), "sign_in": NAMES, **more}


def case(
    situation: str, arguments: dict[str, Any], status: Status, says: str, server: Any = HEALTHY, *, aws: Any = None
) -> Case:
    return Case(situation, SUCCEEDS, arguments, status, says, world() if aws is None else aws, server=server)


def role(name: str) -> dict[str, Any]:
    return {"name": "in", "connect": {"token": "{token}", "role": name}, "refused": True, "within_seconds": 0.1}


CASES = [
    case("session created", step("create"), Status.PASSED, '"type": "created"'),
    case("listener joined", step("join"), Status.PASSED, "was accepted"),
    case("heartbeat answered", step("beat"), Status.PASSED, '"heartbeatAck"'),
    case("stranger refused", step("stranger"), Status.PASSED, "answered 403"),
    case("left, and nobody joins any more", step("leave"), Status.PASSED, "answered 404"),
    case(
        "session does not end",
        step("leave", CREATE, CLOSE, LATE),
        Status.FAILED,
        "accepted, wanted refused",
        serving(lambda: Service(ends=False)),
    ),
    case("heartbeat wrongly answered", step("beat"), Status.FAILED, 'came {"type": "error"', serving(lambda: Service("error"))),
    case(
        "after the step that failed",
        step("stranger"),
        Status.UNKNOWN,
        "step 'beat' had not passed",
        serving(lambda: Service("error")),
    ),
    case("before the step that failed", step("join"), Status.PASSED, "was accepted", serving(lambda: Service("error"))),
    case("handshake broken", step("create"), Status.FAILED, "answered 502", serving(lambda: Service(handshake=502))),
    case(
        "broken is not refused",
        step("stranger", STRANGER),
        Status.FAILED,
        "answered 500",
        serving(lambda: Service(handshake=500)),
    ),
    case(
        "slow",
        step("create", CREATE | {"within_seconds": 0.1}),
        Status.FAILED,
        "wanted at most 0.1 s",
        serving(lambda: Service(seconds=0.2)),
    ),
    case("throttled", step("create"), Status.UNKNOWN, "answered 429", serving(lambda: Service(handshake=429))),
    case("hung up for cause", step("in", role("unwanted")), Status.PASSED, "saying why"),
    case("crash is no refusal", step("in", role("broken")), Status.FAILED, "accepted, wanted refused"),
    case(
        "hung up in the middle",
        step("x", CREATE, {"name": "x", "as": "speaker", "send": {"action": "break"}, "expect": {"a": 1}}),
        Status.FAILED,
        "hung up after nothing",
    ),
    case("nothing to keep", step("create", CREATE | {"keep": {"session": "session_id"}}), Status.FAILED, "has no 'session_id'"),
    case(
        "no such name to speak as",
        step("x", CREATE, {"name": "x", "as": "ghost", "send": {}, "expect": {"a": 1}}),
        Status.UNKNOWN,
        "who has not connected",
    ),
    case(
        "nobody there",
        step("create", endpoint=f"ws://127.0.0.1:{free_port()}"),
        Status.UNKNOWN,
        "No WebSocket connection",
        nowhere,
    ),
    case("no endpoint", step("create", endpoint="https://example.com"), Status.UNKNOWN, "is no WebSocket endpoint", nowhere),
    case("no such step", step("dance"), Status.UNKNOWN, "No step named 'dance'"),
    case("step without a name", step("x", {"connect": {}}), Status.UNKNOWN, "has no name"),
    case("step misspelt", step("x", {"name": "x", "conect": {}}), Status.UNKNOWN, "has 'conect'"),
    case(
        "step that proves nothing",
        step("x", CREATE, {"name": "x", "as": "speaker", "send": {"a": 1}}),
        Status.UNKNOWN,
        "proves nothing",
    ),
    case("step that expects a text", step("x", {"name": "x", "expect": "created"}), Status.UNKNOWN, "names and values"),
    case(
        "step that waits for a word",
        step("x", {"name": "x", "close": True, "within_seconds": "5"}),
        Status.UNKNOWN,
        "numbers of seconds",
    ),
    case("nobody signs in", step("stranger", STRANGER, sign_in={}), Status.PASSED, "answered 403", aws={}),
    case("half a sign-in", step("create", sign_in={"pool": "users"}), Status.UNKNOWN, "does not name client"),
    case("sign-in denied", step("create"), Status.UNKNOWN, "AccessDenied", aws=world(list_user_pools=DENIED)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
