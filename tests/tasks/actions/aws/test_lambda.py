import json
from typing import Any

import pytest

from tasks.actions.aws import lambda_
from tasks.core.errors import ActionError
from tests.tasks.actions.aws.accounts import Functions
from tests.tasks.actions.aws.clouds import writer

LIVE: dict[str, Any] = {"functions": ["start", "end"], "alias": "live"}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


def deployed() -> Functions:
    """Version 1 of both is live, and newer code lies there."""
    functions = Functions({"start": "old", "end": "old"})
    lambda_.publish_alias(writer(**{"lambda": functions}), **LIVE)
    functions.code = {"start": "new", "end": "new"}
    return functions


def ask(companion: Any, cloud: Functions, /, **more: Any) -> Any:
    return companion(writer(**{"lambda": cloud}), **{**LIVE, **more})


def test_the_alias_leads_to_the_newest_code_and_back() -> None:
    functions = deployed()
    noted = json.loads(json.dumps(ask(lambda_.before, functions)))
    done = ask(lambda_.publish_alias, functions)
    moved = dict(functions.aliases)
    for _ in range(2):
        ask(lambda_.undo, functions, before=noted)

    assert (moved, functions.aliases) == ({"start": "2", "end": "2"}, {"start": "1", "end": "1"})
    assert done.summary == "Alias live leads to start 2, end 2."


def test_an_alias_that_was_not_there_is_deleted() -> None:
    functions = Functions({"start": "a", "end": "a"})
    noted = ask(lambda_.before, functions)
    ask(lambda_.publish_alias, functions)
    for _ in range(2):
        ask(lambda_.undo, functions, before=noted)

    assert functions.aliases == {}


@pytest.mark.parametrize(
    ("moved", "expected"),
    [([], "not done"), (["start"], "unknown"), (["start", "end"], "done")],
    ids=["before anything", "in the middle", "after the last"],
)
def test_an_interruption_is_settled(moved: list[str], expected: str) -> None:
    functions = deployed()
    noted = ask(lambda_.before, functions)
    if moved:
        ask(lambda_.publish_alias, functions, functions=moved)

    assert ask(lambda_.settled, functions, before=noted) == expected


@pytest.mark.parametrize(
    ("more", "update", "says"),
    [({"functions": []}, "Successful", "names no function"), ({}, "Failed", "last update of function start is Failed")],
    ids=["no function", "broken update"],
)
def test_refuses(more: dict[str, Any], update: str, says: str) -> None:
    functions = deployed()
    functions.update = update

    with pytest.raises(ActionError, match=says):
        ask(lambda_.publish_alias, functions, **more)
