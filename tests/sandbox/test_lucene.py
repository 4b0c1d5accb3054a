import pytest

from deployments.sandbox.observability.lucene import parsed

DOCUMENT = {"level": "ERROR", "message": "Payment refused by bank", "status": 401, "service": "api"}


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
    ],
)
def test_a_query_finds_a_document(query: str, found: bool) -> None:  # noqa: FBT001
    assert parsed(query)(DOCUMENT) is found


@pytest.mark.parametrize("query", ["level:(error", "status:401 AND", "a )"])
def test_what_is_no_query_is_refused(query: str) -> None:
    with pytest.raises(ValueError, match=r"bracket|early|left over"):
        parsed(query)
