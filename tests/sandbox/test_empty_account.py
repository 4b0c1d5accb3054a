"""No check passes on an empty account: everything there is, asked of an emulated AWS that holds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML

from deployments.sandbox.world import World
from tasks.connect.session import Session
from tasks.connect.settings import Settings
from tasks.core.registry import Definition, definitions
from tasks.core.sample import Sample
from tasks.core.verdicts import Status
from tasks.evaluation import judge

# What these assert is true of an empty account: who asks, where, that something is gone; the emulator lets anybody send mail.
TRUE_OF_NOTHING = {
    "aws.sts.identity",
    "aws.sts.region_selected",
    "aws.cloudformation.stack_absent",
    "aws.ses.sending_enabled",
}
CHECKS = [check for check in definitions("check") if check.id.startswith("aws.")]


@pytest.fixture(scope="module")
def empty(standing_world: World) -> Iterator[Session]:
    """A session in the account; its clients are made once for all checks."""
    emulator = standing_world.state()["ports"]["emulator"]
    httpx.post(f"http://127.0.0.1:{emulator}/_ministack/reset", timeout=30).raise_for_status()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in standing_world.environ().items():
            patch.setenv(name, value)
        yield Session(Settings.from_environment())


def arguments_of_example(check: Definition) -> dict[str, Any]:
    return dict(YAML(typ="safe").load(check.example).get("with", {}))


@pytest.mark.sandbox
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_nothing_is_not_a_pass(check: Definition, empty: Session) -> None:
    verdict = judge(check, arguments_of_example(check), empty, Sample()).verdict

    assert (verdict.status is Status.PASSED) == (check.id in TRUE_OF_NOTHING), verdict.summary
    assert verdict.summary.endswith((".", "…")), verdict.summary
