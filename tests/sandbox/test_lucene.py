from typing import Any

import pytest

from deployments.sandbox.observability.lucene import parsed

DOCUMENT = {"level": "ERROR", "message": "Payment refused by bank", "status": 401, "service": "api"}
LINES: list[dict[str, Any]] = [
    {"level": "info", "message": "GET /health", "status": 200},
    {"level": "error", "message": "GET /ready: the database does not answer", "status": 503},
    {"level": "error", "message": "GET /self-test/crm: authentication failed: 401", "status": 503},
    {"level": "DEBUG", "message": "settings"},
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("*", True),
        ("level:error", True),
        ("level:(info OR error)", True),
        ("level:(info OR debug)", False),
        ("status:401 AND service:api", True),
        ("status:401 AND NOT service:api", False),
        ("(status:200 OR status:40*) AND _exists_:level", True),
        ("_exists_:trace", False),
        ("refused", True),
        ('message:"refused by"', True),
        ("accepted", False),
        ("missing:x", False),
        ("missing:*", False),
        ("message:fuse", False),
    ],
)
def test_a_query_finds_a_document(query: str, found: bool) -> None:  # noqa: FBT001
    assert parsed(query)(DOCUMENT) is found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("*", [0, 1, 2, 3], id="everything"),
        pytest.param("level:error", [1, 2], id="one value of a field"),
        pytest.param("level:(critical OR fatal)", [], id="none of several values"),
        pytest.param("level:(trace OR debug)", [3], id="one of several, whatever its letters"),
        pytest.param("level:error AND message:database", [1], id="both"),
        pytest.param("NOT level:error", [0, 3], id="not"),
        pytest.param('message:("authentication failed" OR unauthorized)', [2], id="a text of two words"),
        pytest.param("_exists_:status", [0, 1, 2], id="a field that is there"),
        pytest.param("_exists_:status OR _exists_:level", [0, 1, 2, 3], id="either field"),
        pytest.param("(status:503 AND level:error) OR level:debug", [1, 2, 3], id="brackets"),
        pytest.param("database", [1], id="a word in any field"),
    ],
)
def test_a_query_finds_its_lines(query: str, found: list[int]) -> None:
    finds = parsed(query)

    assert [number for number, line in enumerate(LINES) if finds(line)] == found


@pytest.mark.parametrize("query", ["level:(error", "status:401 AND", "a )", "level:error level:info"])
def test_what_is_no_query_is_refused(query: str) -> None:
    with pytest.raises(ValueError, match=r"bracket|early|left over"):
        parsed(query)
