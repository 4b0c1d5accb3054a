import json
from pathlib import Path
from typing import Any

import pytest

from tasks.actions.aws import cloudformation
from tasks.connect.files import Files
from tasks.core.errors import ActionError, Denied
from tasks.core.sample import Sample, Trail
from tests.tasks.actions.aws.clouds import Buckets, Script, Stacks, template_of, writer
from tests.tasks.world import DENIED, aws_error

ARGUMENTS: dict[str, Any] = {"stack": "sessions", "command": ["make", "deploy"], "version": "1.1.0"}
SMALL_PATIENCE = {"timeout_minutes": 0}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


def before(stacks: Stacks, **more: Any) -> dict[str, Any]:
    """As the record gives it back: through JSON."""
    noted = cloudformation.before(writer(cloudformation=stacks), Script(stacks, ""), **ARGUMENTS, **more)
    return dict(json.loads(json.dumps(noted)))


def deploy(stacks: Stacks, **script: Any) -> str:
    runner = Script(stacks, **{"version": "1.1.0"} | script)
    return cloudformation.deploy_by_script(writer(cloudformation=stacks), runner, **ARGUMENTS).summary


def undo(stacks: Stacks, noted: dict[str, Any], **more: Any) -> str:
    services = {"cloudformation": stacks, "s3": more.pop("s3", None)}
    return cloudformation.undo(writer(**services), Script(stacks, ""), before=noted, **ARGUMENTS, **more)


def settled(stacks: Stacks, noted: dict[str, Any], **more: Any) -> str:
    return cloudformation.settled(writer(cloudformation=stacks), Script(stacks, ""), before=noted, **ARGUMENTS, **more)


def test_deploys_and_waits_until_the_stack_is_complete() -> None:
    stacks = Stacks().stand("1.0.0")

    summary = deploy(stacks, statuses=("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"))

    assert summary == "Stack sessions is UPDATE_COMPLETE at version 1.1.0."


def test_tells_the_outputs_of_the_stack() -> None:
    stacks = Stacks()
    done = cloudformation.deploy_by_script(writer(cloudformation=stacks), Script(stacks, "1.1.0"), **ARGUMENTS)

    assert done.facts == {"Endpoint": "wss://a1"}


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ({"exit_status": 2, "statuses": ("UPDATE_ROLLBACK_COMPLETE",)}, "ended with 2: that was all .* sessions has no room"),
        ({"exit_status": 2, "statuses": ()}, "ended with 2: that was all Stack sessions is absent"),
        ({"statuses": ("UPDATE_ROLLBACK_COMPLETE",)}, "ended well, yet stack sessions is UPDATE_ROLLBACK_COMPLETE"),
        ({"statuses": ()}, "ended well, yet stack sessions does not exist"),
        ({"version": "1.0.9"}, "ended well, yet stack sessions has version 1.0.9 in its tag Version, wanted 1.1.0"),
    ],
    ids=["it says so", "it made nothing", "the stack rolled back", "there is no stack", "another version stands"],
)
def test_a_script_has_failed_when(script: dict[str, Any], says: str) -> None:
    with pytest.raises(ActionError, match=says):
        deploy(Stacks(), **script)


@pytest.mark.parametrize("status", ["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED", "DELETE_FAILED"])
def test_does_not_begin_on_a_stack_that_could_not_be_restored(status: str) -> None:
    with pytest.raises(ActionError, match=f"is {status}; bring it to rest first"):
        before(Stacks().stand("1.0.0", status))


def test_does_not_begin_on_a_template_that_could_not_be_sent_back() -> None:
    stacks = Stacks().stand("1.0.0", template="x" * 51_201)

    with pytest.raises(ActionError, match="name a template_bucket"):
        before(stacks)


def test_undo_gives_an_updated_stack_its_template_and_tags_back() -> None:
    stacks = Stacks().stand("1.0.0")
    noted = before(stacks)
    deploy(stacks)
    said = undo(stacks, noted)

    assert (stacks.version, stacks.template) == ("1.0.0", template_of("1.0.0"))
    assert said == "Stack sessions has its template, parameters and tags of before the release again."


def test_undo_deletes_a_stack_that_was_not_there() -> None:
    stacks = Stacks(looks=2)
    noted = before(stacks)
    deploy(stacks)
    said = undo(stacks, noted)

    assert stacks.stack is None
    assert said == "Stack sessions was not there before the release and has been deleted."


@pytest.mark.parametrize("earlier", ["1.0.0", ""], ids=["stack was there", "stack was not there"])
def test_undo_twice_changes_nothing_more(earlier: str) -> None:
    stacks = Stacks().stand(earlier) if earlier else Stacks()
    noted = before(stacks)
    deploy(stacks)
    undo(stacks, noted)
    stacks.asked.clear()
    said = undo(stacks, noted)

    assert stacks.asked == []
    assert said.endswith("nothing had to be undone.")


def test_undo_cancels_a_running_update() -> None:
    stacks = Stacks().stand("1.0.0")
    noted = before(stacks)
    stacks.go("UPDATE_IN_PROGRESS")

    assert undo(stacks, noted).endswith("nothing had to be undone.")
    assert stacks.asked == ["cancel_update_stack"]


def test_undo_lives_with_an_update_that_ends_while_it_is_cancelled() -> None:
    stacks = Stacks().stand("1.0.0")
    noted = before(stacks)
    stacks.stand("1.1.0").go("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE")
    stacks.refusals["cancel_update_stack"] = aws_error("ValidationError", "cannot be called from current stack status")
    undo(stacks, noted)

    assert stacks.version == "1.0.0"


def test_undo_says_when_it_may_not_cancel() -> None:
    stacks = Stacks().stand("1.0.0")
    noted = before(stacks)
    stacks.go("UPDATE_IN_PROGRESS")
    stacks.refusals["cancel_update_stack"] = DENIED

    with pytest.raises(Denied, match="cancel_update_stack answered AccessDenied"):
        undo(stacks, noted)


def test_undo_goes_on_with_a_rollback_that_failed() -> None:
    stacks = Stacks().stand("1.0.0")
    noted = before(stacks)
    stacks.go("UPDATE_ROLLBACK_FAILED")
    undo(stacks, noted)

    assert stacks.asked == ["continue_update_rollback"]


def test_undo_removes_what_a_failed_creation_left() -> None:
    stacks = Stacks()
    noted = before(stacks)
    stacks.stand("1.1.0", "ROLLBACK_COMPLETE")
    undo(stacks, noted)

    assert stacks.stack is None


def test_undo_creates_again_a_stack_that_the_script_deleted() -> None:
    stacks = Stacks().stand("1.0.0")
    noted = before(stacks)
    stacks.stack = None
    undo(stacks, noted)

    assert (stacks.asked, stacks.version) == (["create_stack"], "1.0.0")


@pytest.mark.parametrize(
    ("earlier", "fails", "says"),
    [
        ("1.0.0", "UPDATE_ROLLBACK_COMPLETE", "failed and left it UPDATE_ROLLBACK_COMPLETE. .* has no room"),
        ("", "DELETE_FAILED", "could not be deleted and is DELETE_FAILED. .* has no room"),
    ],
    ids=["updating back", "deleting"],
)
def test_undo_says_when_it_failed(earlier: str, fails: str, says: str) -> None:
    stacks = Stacks().stand(earlier) if earlier else Stacks()
    noted = before(stacks)
    deploy(stacks)
    stacks.fails = fails

    with pytest.raises(ActionError, match=says):
        undo(stacks, noted)


def test_undo_of_what_cloudformation_takes_for_no_change_is_well() -> None:
    stacks = Stacks().stand("1.0.0")
    noted = before(stacks)
    deploy(stacks)
    stacks.refusals["update_stack"] = aws_error("ValidationError", "No updates are to be performed.")

    assert undo(stacks, noted).endswith("of before the release again.")


def test_undo_says_when_it_may_not_update() -> None:
    stacks = Stacks().stand("1.0.0")
    noted = before(stacks)
    deploy(stacks)
    stacks.refusals["update_stack"] = DENIED

    with pytest.raises(Denied, match="update_stack answered AccessDenied"):
        undo(stacks, noted)


def test_a_failure_whose_events_may_not_be_read_is_told_all_the_same() -> None:
    stacks = Stacks()
    stacks.refusals["describe_stack_events"] = DENIED

    with pytest.raises(ActionError, match=r"is UPDATE_ROLLBACK_COMPLETE\. Its events could not be read: .*AccessDenied"):
        deploy(stacks, exit_status=2, statuses=("UPDATE_ROLLBACK_COMPLETE",))


def test_undo_refuses_a_template_in_which_a_secret_was_hidden() -> None:
    stacks = Stacks().stand("1.0.0")
    noted = before(stacks)
    deploy(stacks)

    with pytest.raises(ActionError, match="is not whole, for a secret was hidden in it"):
        undo(stacks, noted | {"template": "[hidden]"})


def test_a_parameter_that_is_never_told_keeps_its_value() -> None:
    stacks = Stacks().stand("1.0.0")
    assert stacks.stack is not None
    stacks.stack["Parameters"] = [
        {"ParameterKey": "Size", "ParameterValue": "small"},
        {"ParameterKey": "Password", "ParameterValue": "****"},
    ]
    noted = before(stacks)
    deploy(stacks)
    undo(stacks, noted)

    assert stacks.stack["Parameters"] == [
        {"ParameterKey": "Size", "ParameterValue": "small"},
        {"ParameterKey": "Password", "UsePreviousValue": True},
    ]


def test_a_large_template_goes_back_through_the_bucket() -> None:
    stacks, buckets = Stacks().stand("1.0.0", template="x" * 51_201), Buckets()
    noted = before(stacks, template_bucket="assets")
    deploy(stacks)
    undo(stacks, noted, template_bucket="assets", s3=buckets)
    [(place, body)] = buckets.objects.items()

    assert (place.startswith("assets/deployment-gates/sessions/"), len(body)) == (True, 51_201)
    assert str(stacks.template).endswith(place.removeprefix("assets"))


def test_an_interrupted_attempt_that_changed_nothing_is_not_done() -> None:
    stacks = Stacks().stand("1.0.0")

    assert settled(stacks, before(stacks)) == "not done"


def test_an_interrupted_attempt_on_no_stack_that_changed_nothing_is_not_done() -> None:
    stacks = Stacks()

    assert settled(stacks, before(stacks)) == "not done"


@pytest.mark.parametrize(
    ("version", "statuses", "expected"),
    [
        ("1.1.0", ("UPDATE_COMPLETE",), "done"),
        ("1.1.0", ("UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"), "done"),
        ("1.1.0", ("UPDATE_ROLLBACK_COMPLETE",), "unknown"),
        ("1.0.9", ("UPDATE_COMPLETE",), "unknown"),
        ("1.1.0", ("UPDATE_FAILED",), "unknown"),
        ("1.1.0", ("ROLLBACK_COMPLETE",), "unknown"),
    ],
    ids=["ended", "ends later", "rolled back", "other version", "left broken", "creation failed"],
)
@pytest.mark.parametrize("earlier", ["1.0.0", ""], ids=["stack was there", "stack was not there"])
def test_an_interrupted_attempt_that(earlier: str, version: str, statuses: tuple[str, ...], expected: str) -> None:
    stacks = Stacks().stand(earlier) if earlier else Stacks()
    noted = before(stacks)
    stacks.stand(version).go(*statuses)

    assert settled(stacks, noted) == expected


def test_an_attempt_that_does_not_end_in_time_is_unknown() -> None:
    stacks = Stacks().stand("1.0.0")
    noted = before(stacks)
    stacks.stand("1.1.0").go("UPDATE_IN_PROGRESS")

    assert settled(stacks, noted, **SMALL_PATIENCE) == "unknown"


TEMPLATE: dict[str, Any] = {"stack": "sessions", "template": "stack.json", "version": "1.1.0"}


def from_template(stacks: Stacks, folder: Path, **more: Any) -> str:
    (folder / "stack.json").write_text(more.pop("text", '{"Parameters": {"Kept": {}}}'))
    files = Files(folder, Trail(Sample()))
    return cloudformation.deploy_template(writer(cloudformation=stacks), files, **TEMPLATE, **more).summary


def test_a_template_creates_the_stack_and_its_undoing_deletes_it(tmp_path: Path) -> None:
    stacks = Stacks()
    noted = before(stacks)

    assert from_template(stacks, tmp_path) == "Stack sessions is CREATE_COMPLETE at version 1.1.0."
    assert (stacks.version, settled(stacks, noted)) == ("1.1.0", "done")

    undo(stacks, noted)

    assert stacks.stack is None


def test_a_template_updates_the_stack_and_its_undoing_restores_it(tmp_path: Path) -> None:
    stacks = Stacks().stand("1.0.0")
    noted = before(stacks)
    from_template(stacks, tmp_path)
    deployed = stacks.version
    undo(stacks, noted)

    assert (deployed, stacks.version, stacks.template) == ("1.1.0", "1.0.0", template_of("1.0.0"))


def test_parameters_that_are_not_named_keep_their_values(tmp_path: Path) -> None:
    stacks = Stacks().stand("1.0.0")
    assert stacks.stack is not None
    stacks.stack["Parameters"] = [{"ParameterKey": name, "ParameterValue": "x"} for name in ("Kept", "Set", "Gone")]
    from_template(stacks, tmp_path, parameters={"Set": "y"})

    assert stacks.stack["Parameters"] == [
        {"ParameterKey": "Kept", "UsePreviousValue": True},
        {"ParameterKey": "Set", "ParameterValue": "y"},
    ]


@pytest.mark.parametrize(
    ("more", "says"),
    [({"text": "x" * 51_201}, "larger than CloudFormation takes"), ({}, "UPDATE_ROLLBACK_COMPLETE. .* has no room")],
    ids=["too large", "the update fails"],
)
def test_a_template_that_does_not_come_up_is_told(more: dict[str, Any], says: str, tmp_path: Path) -> None:
    stacks = Stacks(fails="UPDATE_ROLLBACK_COMPLETE").stand("1.0.0")

    with pytest.raises(ActionError, match=says):
        from_template(stacks, tmp_path, **more)


def test_a_template_that_changes_nothing_is_no_error(tmp_path: Path) -> None:
    stacks = Stacks().stand("1.1.0", template='{"Parameters": {}}')

    assert from_template(stacks, tmp_path, text='{"Parameters": {}}').endswith("at version 1.1.0.")
