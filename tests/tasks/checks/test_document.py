from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import Case

CONTAINS = "document.contains"
PATH = {"path": "CLIENTS.md"}
DOCUMENT = {"CLIENTS.md": "# Clients\n\nConnect to\nwss://api.example.com/prod with a token.\n\n## Trouble ##\n\n#hashtag\n"}
CASES = [
    Case(
        "says it",
        CONTAINS,
        {**PATH, "phrases": ["wss://api.example.com/prod"]},
        Status.PASSED,
        "CLIENTS.md has wss",
        files=DOCUMENT,
    ),
    Case(
        "across a line's end", CONTAINS, {**PATH, "phrases": ["Connect to  wss:"]}, Status.PASSED, "Connect to", files=DOCUMENT
    ),
    Case(
        "does not say it",
        CONTAINS,
        {**PATH, "phrases": ["Connect", "Ana"]},
        Status.FAILED,
        "CLIENTS.md lacks Ana",
        files=DOCUMENT,
    ),
    Case("an empty phrase is not found", CONTAINS, {**PATH, "phrases": [""]}, Status.FAILED, "lacks", files=DOCUMENT),
    Case(
        "has the headings",
        CONTAINS,
        {**PATH, "headings": ["Clients", "Trouble"]},
        Status.PASSED,
        "Headings of CLIENTS.md has",
        files=DOCUMENT,
    ),
    Case("heading missing", CONTAINS, {**PATH, "headings": ["Contacts"]}, Status.FAILED, "lacks Contacts", files=DOCUMENT),
    Case(
        "the words are no heading", CONTAINS, {**PATH, "headings": ["hashtag"]}, Status.FAILED, "lacks hashtag", files=DOCUMENT
    ),
    Case(
        "says it under no heading",
        CONTAINS,
        {**PATH, "phrases": ["token"], "headings": ["Token"]},
        Status.FAILED,
        "lacks Token",
        files=DOCUMENT,
    ),
    Case("not there", CONTAINS, {**PATH, "phrases": ["token"]}, Status.FAILED, "no file 'CLIENTS.md'"),
    Case("no text", CONTAINS, {"path": "link", "phrases": ["x"]}, Status.FAILED, "no file 'link'"),
    Case("nothing asked for", CONTAINS, PATH, Status.UNKNOWN, "does not say what to look for", files=DOCUMENT),
    Case(
        "too large",
        CONTAINS,
        {**PATH, "phrases": ["a"]},
        Status.UNKNOWN,
        "bytes are read",
        files={"CLIENTS.md": "a" * 1_000_001},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
