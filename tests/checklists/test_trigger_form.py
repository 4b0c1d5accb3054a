"""What the trigger form offers and how its answers are read."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checklists.trigger_form import answers_for, answers_schema, checklist_schema, reasons_schema, sound
from tasks.core.errors import DefinitionError
from tests.checklists.texts import loaded, small

ITEM = "- {item: One, approve: {by: deployer}}"
ASKING = small(ITEM).replace(
    "  region: {default: us-east-1}\n",
    "  region: {title: Region, description: Where to., type: choice, choices: [us-east-1, eu-west-1], default: us-east-1}\n"
    "  account: {required: true, pattern: '[0-9]{12}'}\n"
    "  days: {type: integer, default: 0, minimum: 0, maximum: 30}\n",
)


def test_a_broken_checklist_does_not_break_the_form_of_the_others(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(ASKING)
    (tmp_path / "other.yaml").write_text(small(ITEM).replace("checklist: small", "checklist: other"))
    (tmp_path / "broken.yaml").write_text("checklist: broken\nphases: [\n")

    assert checklist_schema(sound(tmp_path))["enum"] == ["other", "small"]
    assert sorted(answers_schema(sound(tmp_path))["properties"]) == ["other", "small"]


def test_the_checklists_that_ask_have_a_tab_each(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(ASKING)

    assert "anyOf" not in answers_schema(sound(tmp_path))

    (tmp_path / "other.yaml").write_text(ASKING.replace("checklist: small", "checklist: other").replace("Small", "Other"))
    schema = answers_schema(sound(tmp_path))
    tabs = [(each["title"], list(each["properties"])) for each in schema["anyOf"]]
    wrong = Draft202012Validator(schema).iter_errors({"small": {"days": 99}})

    assert tabs == [("Defaults", []), ("Other", ["other"]), ("Small", ["small"])]
    assert [list(error.path) for error in wrong] == [["small", "days"]]
    assert not list(Draft202012Validator(schema).iter_errors({"region": "eu-west-1"}))


def test_a_folder_without_checklists_still_has_a_form(tmp_path: Path) -> None:
    Draft202012Validator.check_schema(checklist_schema(sound(tmp_path)))

    assert "enum" not in checklist_schema(sound(tmp_path))
    assert answers_schema(sound(tmp_path / "nowhere"))["properties"] == {}


def test_the_reasons_of_every_checklist_are_offered_for_a_rollback(tmp_path: Path) -> None:
    parts = "rollback:\n  decide_by: manager\n  reasons: [Late]\n  triggers: [{title: When, items: [{item: Lost}]}]\n"
    (tmp_path / "small.yaml").write_text(small(f"{ITEM}\n", parts))
    (tmp_path / "other.yaml").write_text(
        small(f"{ITEM}\n", parts.replace("Lost", "Slow")).replace("checklist: small", "checklist: other")
    )

    assert reasons_schema(sound(tmp_path))["items"] == {"type": "string", "enum": ["Late", "Slow", "Lost"]}
    assert reasons_schema([])["items"] == {"type": "string"}


def test_each_parameter_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(ASKING)
    schema = answers_schema(sound(tmp_path))
    asked: dict[str, Any] = schema["properties"]["small"]

    Draft202012Validator.check_schema(schema)
    assert asked["title"] == "Small"
    assert asked["properties"]["region"] == {
        "title": "Region",
        "description": "Where to.",
        "type": "string",
        "default": "us-east-1",
        "enum": ["us-east-1", "eu-west-1"],
    }
    assert asked["properties"]["account"] == {
        "title": "Account", "description": "Must be given.", "type": "string", "pattern": "^(?:[0-9]{12})$",
    }  # fmt: skip
    assert asked["properties"]["days"] == {"title": "Days", "type": "integer", "default": 0, "minimum": 0, "maximum": 30}
    assert asked["properties"]["refresh"] == {"title": "Refresh", "type": "boolean", "default": True}
    assert asked["properties"]["custom_domain"] == {"title": "Custom domain", "type": "string", "default": ""}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"region": "eu"}, {"region": "eu"}, id="flat"),
        pytest.param({"small": {"region": "eu"}}, {"region": "eu"}, id="under its name"),
        pytest.param({"small": {"region": "eu"}, "other": {"x": 1}}, {"region": "eu"}, id="beside another's"),
        pytest.param({"other": {"x": 1}}, {}, id="only another's"),
        pytest.param({"small": {"region": "eu"}, "days": 1}, {"region": "eu", "days": 1}, id="both ways"),
        pytest.param({"region": "us", "small": {"region": "eu"}}, {"region": "eu"}, id="both ways at odds"),
        pytest.param({"regoin": "eu"}, {"regoin": "eu"}, id="mistyped, for the binding to refuse"),
        pytest.param({"small": "eu"}, {"small": "eu"}, id="no mapping, for the binding to refuse"),
    ],
)
def test_answers_are_found(tmp_path: Path, answers: dict[str, Any], expected: dict[str, Any]) -> None:
    assert answers_for(loaded(tmp_path, small(ITEM)).checklist, answers) == expected


def test_a_mapping_under_an_unknown_name_is_left_for_the_binding_to_refuse(tmp_path: Path) -> None:
    answers = {"smal": {"region": "eu"}, "other": {"x": 1}}

    assert answers_for(loaded(tmp_path, small(ITEM)).checklist, answers, ["small", "other"]) == {"smal": {"region": "eu"}}


def test_answers_to_another_checklist_only_are_a_mistake(tmp_path: Path) -> None:
    told = "The answers are those of 'other', and 'small' is released: answer the questions of the same checklist"
    with pytest.raises(DefinitionError, match=told):
        answers_for(loaded(tmp_path, small(ITEM)).checklist, {"other": {"x": 1}}, ["small", "other"])


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"small": {}}, {}, id="no answer under its name, as a command line sends it"),
        pytest.param({"small": {"region": "eu"}}, {"region": "eu"}, id="under its name, as the form's tab sends it"),
        pytest.param({"small": {"region": "eu"}, "other": {"x": 1}}, {"region": "eu"}, id="beside another's"),
        pytest.param({"region": "eu"}, {"region": "eu"}, id="flat"),
        pytest.param({"region": "eu", "other": {"x": 1}}, {"region": "eu"}, id="flat, beside another's"),
    ],
)
def test_answers_are_found_among_the_checklists_there_are(
    tmp_path: Path, answers: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert answers_for(loaded(tmp_path, small(ITEM)).checklist, answers, ["other", "small"]) == expected
