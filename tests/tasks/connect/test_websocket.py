import json
from typing import Any

from tasks.connect.websocket import Conversations
from tasks.core.sample import Sample, Trail
from tests.tasks.servers.sessions import Service, service

DIALOGUE: list[dict[str, Any]] = [
    {
        "name": "create",
        "as": "speaker",
        "connect": {"token": "{token}", "role": "speaker", "note": "a&b={number}"},
        "expect": {"type": "created"},
        "keep": {"session": "id", "number": "number"},
    },
    {
        "name": "beat",
        "as": "speaker",
        "send": {"of": ["{session}"], "number": "{number}", "both": "{session}/{number}", "other": "{unknown}"},
        "expect": {"type": "heartbeatAck"},
    },
]
KNOWN = {"token": "good"}


def test_the_dialogue_is_held_once_a_sample() -> None:
    served, sample = Service(), Sample()
    with service(served) as endpoint:
        first = Conversations(Trail(sample)).hold(endpoint, DIALOGUE, "ana", KNOWN)
        again = Conversations(Trail(sample)).hold(endpoint, DIALOGUE, "ana", KNOWN)

    assert first == again
    assert len(served.queries) == 1


def test_names_are_filled_in_and_nothing_else_is() -> None:
    served = Service()
    with service(served) as endpoint:
        steps = Conversations(Trail(Sample())).hold(endpoint, DIALOGUE, "ana", KNOWN)

    echoed = json.loads(steps[1].said.removeprefix("The answer was ").removesuffix("."))["echo"]

    assert served.queries == [{"token": "good", "role": "speaker", "note": "a&b={number}"}]
    assert echoed == {"of": ["s-1"], "number": 7, "both": "s-1/7", "other": "{unknown}"}


def test_tokens_are_not_in_the_evidence() -> None:
    trail = Trail(Sample())
    with service(Service()) as endpoint:
        Conversations(trail).hold(endpoint, DIALOGUE, "ana", {"token": "eyJhbGciOiJub25lIn0.e30.c2lnbmVk"})

    evidence = json.dumps(trail.readings[0].as_evidence())

    assert "c2lnbmVk" not in evidence
    assert "beat: passed" in evidence


def test_every_connection_ends_with_the_dialogue() -> None:
    served = Service()
    with service(served) as endpoint:
        Conversations(Trail(Sample())).hold(endpoint, DIALOGUE, "ana", KNOWN)
        late = [
            {
                "name": "late",
                "connect": {"token": "good", "role": "listener", "session": "s-1"},
                "refused": True,
                "retry_seconds": 2,
            }
        ]
        steps = Conversations(Trail(Sample())).hold(endpoint, late, "ana", KNOWN)

    assert [step.outcome for step in steps] == ["passed"]
