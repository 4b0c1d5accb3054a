"""Documents of the system's checkout that say what they must, and are kept up to date."""

from __future__ import annotations

import re
from datetime import datetime

from tasks.connect.files import Files
from tasks.connect.git import Git, place
from tasks.core.answers import record
from tasks.core.judges import at_least, every, includes, none, recent
from tasks.core.openapi import gaps, operations
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown, worst

_UNWRITTEN = re.compile(
    r"^[\s>*_#-]*(todo|tbd|fixme|coming soon|to be (written|done|defined|determined))\b.*$", re.IGNORECASE | re.MULTILINE
)


@check(remedy="Write the document, or what the sentence says is missing in it, and commit it.")
def exists(files: Files, *, path: str, headings: list[str] | None = None, minimum_words: int = 20) -> Verdict:
    """The document is there and written: it says something, and has the headings that it must have.

    A runbook that is an empty file is found out in the incident.
    ``path`` is a Markdown or text file relative to the workspace; ``headings`` are whole lines that begin with #;
    ``minimum_words`` is how many words it must have; lines that are nothing but TODO or TBD fail it. Reads the file.

    Example:
        check: document.exists
        with: {path: kalendlytic/docs/RUNBOOK.md, headings: [Rollback, Contacts]}

    """
    text = files.text(path)
    unwritten = [match.group().strip()[:60] for match in _UNWRITTEN.finditer(text)]
    verdicts = [at_least(f"Number of words in {path}", len(re.findall(r"\w+", text)), minimum_words)]
    verdicts += [none(f"parts of {path} that nobody has written", unwritten, 1)]
    verdicts += [includes(f"Headings of {path}", _headings(text), headings)] if headings else []
    return worst(verdicts)


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
    said, titles = " ".join(text.split()), _headings(text)
    found = [phrase for phrase in phrases or () if phrase.strip() and " ".join(phrase.split()) in said]
    verdicts = [includes(path, found, phrases)] if phrases else []
    return worst([*verdicts, includes(f"Headings of {path}", titles, headings)] if headings else verdicts)


@check(remedy="Bring the document up to date and commit it, also when only its date of review changes.")
def changed_within(git: Git, *, path: str, days: float = 90) -> Verdict:
    """The document was changed, or reviewed and committed anew, within the last days.

    ``path`` is relative to the workspace and must lie in a git repository; what is not committed does not count. Asks git for
    the date of the last commit of the file.

    Example:
        check: document.changed_within
        with: {path: kalendlytic/docs/CONTACTS.md, days: 180}

    """
    folder, name = place(path)
    told = git.lines(folder, "log", "-1", "--format=%cI", "--", name)
    if not told:
        return failed(f"{path} was never committed.")
    if git.lines(folder, "status", "--porcelain", "--", name):
        return failed(f"{path} has changes that are not committed.")
    return recent(f"The last commit of {path}", datetime.fromisoformat(told[0]), git.now, days * 24)


@check(remedy="git log <tag>.. -- <path>")
def changed_since(git: Git, *, path: str, tag: str) -> Verdict:
    """The document was changed after the tag, such as that of the release before.

    What a release changes must be in its documents; one that no release touches is soon wrong.
    ``path`` is relative to the workspace, a file or a folder in a git repository. Asks git for the commits since.

    Example:
        check: document.changed_since
        with: {path: content-generator/docs/CHANGELOG.md, tag: v1.0.0}

    """
    folder, name = place(path)
    commits = git.lines(folder, "log", "--format=%h %s", f"{tag}..HEAD", "--", name)
    if not commits:
        return failed(f"{path} was not changed since {tag}.")
    return passed(f"{path} was changed by {len(commits)} commits since {tag}, last by '{commits[0][:100]}'.")


@check(remedy="Write the names that the sentence lists into the document, with what they mean.")
def covers(files: Files, *, path: str, names: list[str] | None = None, variables_of: str = "") -> Verdict:
    """The document mentions every one of the names.

    A variable or an endpoint that no document mentions is set by guessing.
    ``path`` is a text file relative to the workspace; ``names`` are words such as endpoints; ``variables_of`` is a dotenv,
    JSON, YAML or tfvars file all of whose names must be mentioned. Reads both files.

    Example:
        check: document.covers
        with: {path: gennet/docs/CONFIGURATION.md, variables_of: gennet/.env.example}

    """
    content = record(files.values(variables_of), variables_of) if variables_of else {}
    wanted = dict.fromkeys([*(names or ()), *content])
    text = files.text(path)
    said = [name for name in wanted if re.search(rf"(?<![\w]){re.escape(name)}(?![\w])", text)]
    return includes(path, said, list(wanted))


@check(remedy="Describe the operations that the sentence names in the OpenAPI file.")
def openapi_complete(
    files: Files, *, path: str, descriptions: bool = True, examples: bool = False, error_codes: bool = True
) -> Verdict:
    """Every operation of the API is described, with the errors that it may answer.

    Clients are written from this file: what it leaves out they learn from failures.
    ``path`` is an OpenAPI 3 file in JSON or YAML relative to the workspace; ``descriptions`` asks for a summary or a
    description of each operation, ``examples`` for an example of each answer with content, ``error_codes`` for an answer of
    the 400s or 500s, or a default one. Reads the file.

    Example:
        check: document.openapi_complete
        with: {path: gennet/docs/openapi.yaml, examples: true}

    """
    wanted = {"description": descriptions, "example": examples, "error code": error_codes}
    sought = [name for name, wished in wanted.items() if wished]
    if not sought:
        return unknown(f"The item does not say what the operations of {path} must have.")

    def complete(operation: tuple[str, dict[str, object]]) -> Verdict:
        name, content = operation
        lacking = gaps(content, sought)
        return failed(f"{name} in {path} lacks {' and '.join(lacking)}.") if lacking else passed(f"{name} is described.")

    return every("operation", operations(files.values(path)), complete)


def _headings(text: str) -> list[str]:
    return re.findall(r"^#+\s+(.*?)\s*#*$", text, re.MULTILINE)
