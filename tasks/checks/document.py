"""Documents of the system's checkout that say what they must."""

from __future__ import annotations

import re

from tasks.connect.files import Files
from tasks.core.judges import includes
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, unknown, worst


@check(remedy="Write what is missing into the document that the sentence names, and commit it.")
def contains(files: Files, *, path: str, phrases: list[str] | None = None, headings: list[str] | None = None) -> Verdict:
    """The document says what it must, under the headings that it must have.

    ``path`` is a Markdown or text file relative to the system's checkout; ``phrases`` are looked for with any white space
    between their words, ``headings`` are whole lines that begin with #. Reads the file.

    Example:
        check: document.contains
        with: {path: docs/CLIENTS.md, phrases: ["wss://"], headings: [Connecting]}

    """
    if not phrases and not headings:
        return unknown(f"The item does not say what to look for in {path}.")
    text = files.text(path)
    said, titles = " ".join(text.split()), re.findall(r"^#+\s+(.*?)\s*#*$", text, re.MULTILINE)
    found = [phrase for phrase in phrases or () if phrase.strip() and " ".join(phrase.split()) in said]
    verdicts = [includes(path, found, phrases)] if phrases else []
    return worst([*verdicts, includes(f"Headings of {path}", titles, headings)] if headings else verdicts)
