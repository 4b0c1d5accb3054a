"""The JSON schema for editors says what the loader says, as far as a schema can."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from checklists import schema
from tests.checklists.test_binding import WHOLE
from tests.checklists.texts import small

pytestmark = pytest.mark.usefixtures("rehearsal")


def complaints(text: str) -> list[str]:
    validator: Any = Draft202012Validator(json.loads(schema.written()))
    return [error.message for error in validator.iter_errors(YAML(typ="safe").load(text))]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(json.loads(schema.written()))

    assert schema.schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_a_good_checklist_is_good() -> None:
    assert complaints(WHOLE) == []


@pytest.mark.parametrize(
    "item",
    [
        "{item: One, chek: rehearsal.probe}",
        "{item: One, check: rehearsal.prob, with: {name: x}}",
        "{item: One, check: rehearsal.change, with: {target: x}}",
        "{item: One, check: rehearsal.probe}",
        "{item: One, check: rehearsal.ping}",
        "{item: One, check: rehearsal.probe, with: {}}",
        "{item: One, check: rehearsal.probe, with: {name: 5}}",
        "{item: One, check: rehearsal.probe, with: {name: x, count: many}}",
        "{item: One, check: rehearsal.probe, with: {name: x, mode: slwo}}",
        "{item: One, check: rehearsal.probe, with: {name: x, many: y}}",
        "{item: One, action: rehearsal.change, with: {targte: x}}",
        "{item: One, checks: [{check: rehearsal.probe, with: {nmae: x}}]}",
    ],
)
def test_an_editor_complains(item: str) -> None:
    assert complaints(small(f"- {item}"))


def test_templates_may_stand_for_any_type() -> None:
    written = '{name: x, count: "{{ days }}", many: "{{ sizes }}", mode: "{{ region }}", deep: "{{ refresh }}"}'

    assert complaints(small(f"- {{item: One, check: rehearsal.probe, with: {written}}}")) == []


def test_every_check_is_described() -> None:
    described = {each["const"]: each["description"] for each in schema.schema()["$defs"]["check"]["oneOf"]}

    assert described["rehearsal.probe"] == "The probe answers."
    assert described["rehearsal.ping"] == "Now called rehearsal.probe. The probe answers."


def test_a_stale_file_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(schema, "FILE", tmp_path / "checklist.schema.json")

    assert schema.main(["--check"]) == 1
    assert capsys.readouterr().err == "checklist.schema.json is not what the code says; run `python -m checklists.schema`.\n"
    assert (schema.main([]), schema.main(["--check"])) == (0, 0)
