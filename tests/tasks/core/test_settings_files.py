import pytest

from tasks.core.errors import Malformed
from tasks.core.settings_files import flat, quoted


def test_flat() -> None:
    assert flat({"a": {"b": 1, "c": {}}, "d": [2]}) == {"a.b": 1, "a.c": {}, "d": [2]}


def test_what_holds_no_names_is_malformed() -> None:
    with pytest.raises(Malformed):
        flat([1])


@pytest.mark.parametrize(("key", "expected"), [("log.level", "INFO"), ("db.password", "[hidden]"), ("API_KEY", "[hidden]")])
def test_quoted(key: str, expected: str) -> None:
    assert quoted(key, "INFO") == expected
