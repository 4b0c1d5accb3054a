"""Which deployments of the file a server is told of."""

from types import SimpleNamespace
from typing import Any

import pytest

from deployments import register

SITUATIONS: dict[str, tuple[dict[str, Any], dict[str, Any], bool]] = {
    "the environment of a checklist": ({"environment": "production"}, {"enum": ["production"]}, True),
    "an environment of none": ({"environment": "staging"}, {"enum": ["production"]}, False),
    "no checklist at all": ({"environment": "staging"}, {}, True),
    "no environment of its own": ({}, {"enum": ["production"]}, True),
}


@pytest.mark.parametrize(("parameters", "form", "expected"), SITUATIONS.values(), ids=SITUATIONS)
def test_a_deployment_is_for_an_environment_that_some_checklist_has(
    monkeypatch: pytest.MonkeyPatch, parameters: dict[str, Any], form: dict[str, Any], *, expected: bool
) -> None:
    flow = SimpleNamespace(parameters=SimpleNamespace(properties={"environment": form}))
    monkeypatch.setattr(register, "_flow", lambda _entrypoint: flow)

    assert register._offered({"entrypoint": "flows.release.release", "parameters": parameters}) is expected
