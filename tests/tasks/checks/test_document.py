import json
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers.repository import checkout_of
from tests.tasks.world import Case

CONTAINS, EXISTS, WITHIN, SINCE, COVERS, OPENAPI = (
    f"document.{name}" for name in ("contains", "exists", "changed_within", "changed_since", "covers", "openapi_complete")
)
PATH = {"path": "CLIENTS.md"}
DOCUMENT = {"CLIENTS.md": "# Clients\n\nConnect to\nwss://api.example.com/prod with a token.\n\n## Trouble ##\n\n#hashtag\n"}
RUNBOOK = {"RUNBOOK.md": "# Rollback\n\n" + "Call the engineer on duty and say what is seen. " * 3}
SHOP_DOC = {"path": "shop/docs/RUNBOOK.md"}
WRITTEN = {"docs/RUNBOOK.md": "words"}
OPERATION = {
    "summary": "All users",
    "responses": {"200": {"description": "ok", "content": {"application/json": {"example": []}}}, "404": {"description": "no"}},
}


def api(**changes: Any) -> dict[str, str]:
    return {"api.json": json.dumps({"openapi": "3.1.0", "paths": {"/users": {"get": OPERATION | changes}}})}


def described(**more: Any) -> dict[str, Any]:
    return {"path": "api.json", **more}


CASES = [
    Case("written", EXISTS, {"path": "RUNBOOK.md", "headings": ["Rollback"]}, Status.PASSED, "RUNBOOK.md", files=RUNBOOK),
    Case("not there", EXISTS, {"path": "RUNBOOK.md"}, Status.FAILED, "no file 'RUNBOOK.md'"),
    Case("empty", EXISTS, {"path": "RUNBOOK.md"}, Status.FAILED, "is 0, wanted at least 20", files={"RUNBOOK.md": ""}),
    Case("without a heading", EXISTS, {"path": "RUNBOOK.md", "headings": ["Who"]}, Status.FAILED, "lacks Who", files=RUNBOOK),
    Case(
        "partly unwritten",
        EXISTS,
        {"path": "RUNBOOK.md"},
        Status.FAILED,
        "nobody has written: TODO: who to call",
        files={"RUNBOOK.md": RUNBOOK["RUNBOOK.md"] + "\nTODO: who to call\n"},
    ),
    Case("outside", EXISTS, {"path": "../RUNBOOK.md"}, Status.UNKNOWN, "leads out of the workspace"),
    Case("fresh", WITHIN, SHOP_DOC, Status.PASSED, "ago", server=checkout_of(WRITTEN, days=89)),
    Case("old", WITHIN, SHOP_DOC, Status.FAILED, "wanted at most 90 days ago", server=checkout_of(WRITTEN, days=91)),
    Case("never committed", WITHIN, SHOP_DOC, Status.FAILED, "never committed", server=checkout_of({"a": ""}, dirty=WRITTEN)),
    Case(
        "changed on disk",
        WITHIN,
        SHOP_DOC,
        Status.FAILED,
        "not committed",
        server=checkout_of(WRITTEN, dirty={"docs/RUNBOOK.md": "others"}),
    ),
    Case("no repository", WITHIN, SHOP_DOC, Status.UNKNOWN, "in no git repository", files={"shop/docs/RUNBOOK.md": ""}),
    Case(
        "changed since",
        SINCE,
        {**SHOP_DOC, "tag": "v1"},
        Status.PASSED,
        "by 1 commits since v1",
        server=checkout_of({"a": ""}, "v1", WRITTEN),
    ),
    Case(
        "not changed since",
        SINCE,
        {**SHOP_DOC, "tag": "v1"},
        Status.FAILED,
        "was not changed since v1",
        server=checkout_of(WRITTEN, "v1"),
    ),
    Case("no such tag", SINCE, {**SHOP_DOC, "tag": "v0"}, Status.UNKNOWN, "ended with 128", server=checkout_of(WRITTEN)),
    Case("names", COVERS, {**PATH, "names": ["token"]}, Status.PASSED, "has token", files=DOCUMENT),
    Case("part of a word", COVERS, {**PATH, "names": ["tok"]}, Status.FAILED, "lacks tok", files=DOCUMENT),
    Case(
        "variables",
        COVERS,
        {**PATH, "variables_of": ".env.example"},
        Status.FAILED,
        "lacks API_KEY",
        files={**DOCUMENT, ".env.example": "# keys\nAPI_KEY=\n"},
    ),
    Case("no name", COVERS, PATH, Status.UNKNOWN, "does not say what to look for", files=DOCUMENT),
    Case("described", OPENAPI, described(examples=True), Status.PASSED, "GET /users is described", files=api()),
    Case(
        "no summary", OPENAPI, described(), Status.FAILED, "GET /users in api.json lacks a description", files=api(summary="")
    ),
    Case("no errors", OPENAPI, described(), Status.FAILED, "lacks its error codes", files=api(responses={"200": {}})),
    Case(
        "no example",
        OPENAPI,
        described(examples=True),
        Status.FAILED,
        "lacks an example",
        files=api(responses={"default": {"content": {"text/plain": {}}}}),
    ),
    Case(
        "no operation",
        OPENAPI,
        described(),
        Status.UNKNOWN,
        "No operation was found",
        files={"api.json": '{"openapi": "3.0.0"}'},
    ),
    Case("no OpenAPI", OPENAPI, described(), Status.UNKNOWN, "no OpenAPI 3", files={"api.json": '{"swagger": "2.0"}'}),
    Case(
        "nothing asked for",
        OPENAPI,
        described(descriptions=False, error_codes=False),
        Status.UNKNOWN,
        "does not say",
        files=api(),
    ),
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
