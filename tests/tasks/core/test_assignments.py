import pytest

from tasks.core.assignments import assignments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("A=1\n\n# B=2\nexport C = three\n", {"A": "1", "C": "three"}),
        ("A='it is # quoted' # and this not\n", {"A": "it is # quoted"}),
        ("A=x#y # z\n", {"A": "x#y"}),
        ("A=1\nA=2\n", {"A": "2"}),
        ('zones = [\n  "a",\n]\nenv = "prod"\n', {"zones": "[", "env": "prod"}),
        ('tags = {\n  Team = "x"\n  more = {\n    a = 1\n  }\n}\nenv = "prod"\n', {"tags": "{", "env": "prod"}),
    ],
    ids=["nothing", "comments and export", "quotes", "a sign inside", "twice", "a list", "a map in a map"],
)
def test_assignments(text: str, expected: dict[str, str]) -> None:
    assert assignments(text) == expected


def test_a_line_that_is_no_assignment_is_refused() -> None:
    with pytest.raises(ValueError, match="line 2 is no NAME=value"):
        assignments("A=1\nhello there\n")
