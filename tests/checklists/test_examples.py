"""The example in every docstring of the catalogue is one that a checklist accepts."""

from pathlib import Path
from textwrap import indent

import pytest

from tasks.core.registry import Definition, definitions
from tests.checklists.texts import mistakes, small

EVERY = [*definitions("check"), *definitions("action")]


@pytest.mark.parametrize("definition", EVERY, ids=lambda each: each.id)
def test_an_example_is_accepted(tmp_path: Path, definition: Definition) -> None:
    item = "- item: Example\n" + indent(definition.example, "  ") + "\n"

    told = [each.message for each in mistakes(tmp_path, small(item))]

    # What is captured elsewhere in a checklist is missing from a lone example.
    assert [each for each in told if not each.startswith("No item captures")] == []
