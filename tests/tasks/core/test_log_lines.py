import pytest

from tasks.core.log_lines import below, exposures, level_of, quoted


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ('{"level": "WARN", "message": "an ERROR was handled"}', "warning"),
        ('{"severity": "Emergency"}', "critical"),
        ("time=12:00 level=debug msg=hello", "debug"),
        ("2026-11-21 12:00:00 ERROR shop.orders failed", "error"),
        ("error: no such file", "error"),
        ("no error was found", ""),
        ("GET /health 200", ""),
        ("{broken", ""),
        ("[1]", ""),
    ],
)
def test_the_level_of_a_line(line: str, level: str) -> None:
    assert level_of(line) == level


def test_the_levels_below_one_are_told_in_every_way_of_writing_them() -> None:
    assert below("info") == ("trace", "debug")
    assert "warn" in below("error")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("login with password=hunter2x!", {"password": 1}),
        ('{"db_password": "hunter2x!"}', {"db_password": 1}),
        ("using key AKIAABCDEFGHIJKLMNOP", {"shape of a secret": 1}),
        ("postgres://app:s3cret@db/shop", {"shape of a secret": 1}),
        ("password=***, api_key=[hidden], secret: <redacted>, PASSWORD=none", {}),
        ("password must not be empty", {}),
        ("tokens used: 1200", {}),
    ],
)
def test_a_line_gives_a_secret_away(line: str, found: dict[str, int]) -> None:
    assert exposures([line]) == found


def test_a_quoted_line_is_short_and_hides_secrets() -> None:
    assert quoted("ERROR\n  api_key=abcdef123456 refused") == "ERROR api_key=[hidden] refused"
    assert quoted("x" * 300) == "x" * 200 + "…"
