"""The catalogue as a page: every check and action with what it asserts, why, its arguments, permissions, remedy, example."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from checklists.arguments import spoken
from tasks.core.registry import Argument, Definition, definitions

PAGE = Path(__file__).parents[1] / "docs" / "catalogue.md"


def catalogue_page() -> str:
    """The whole catalogue in Markdown, checks first, by ID."""
    checks, actions = definitions("check"), definitions("action")
    parts = [
        "# Catalogue",
        f"{len(checks)} checks and {len(actions)} actions. Made from the code by `python -m checklists.catalogue_page`.",
        "## Checks",
        *(entry(each) for each in checks),
        "## Actions",
        *(entry(each) for each in actions),
    ]
    return "\n\n".join(parts) + "\n"


def entry(definition: Definition) -> str:
    """One definition in Markdown."""
    facts = [f"Remedy: `{definition.remedy}`"]
    facts += [f"Permissions: {', '.join(f'`{each}`' for each in definition.permissions)}"] if definition.permissions else []
    facts += [f"Leaves behind: {definition.leaves}"] if definition.leaves else []
    facts += [f"Cannot be undone: {definition.irreversible}"] if definition.irreversible else []
    arguments = "\n".join(_argument(each) for each in definition.arguments) or "No arguments."
    example = f"```yaml\n{definition.example}\n```"
    return "\n\n".join(
        [f"### {definition.id}", f"**{definition.title}.**", definition.why, arguments, " · ".join(facts), example]
    )


def _argument(argument: Argument) -> str:
    default = "required" if argument.required else f"default `{argument.default!r}`"
    return f"- `{argument.name}`: {spoken(argument.type)}, {default}"


def main(words: Iterable[str]) -> int:
    """Write the page, or with ``--check`` say whether it is as the code has it."""
    page = catalogue_page()
    if "--check" in words:
        same = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page
        if not same:
            sys.stderr.write(f"{PAGE.name} is not what the code says; run `python -m checklists.catalogue_page`.\n")
        return 0 if same else 1
    PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
