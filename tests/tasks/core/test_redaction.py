from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.redaction import HIDDEN, Redactor, Unshown

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    "secret",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "ASIAIOSFODNN7EXAMPLE",
        TOKEN,
        KEY,
        KEY[:40],
        "xoxb-123456789012-abcdef",
        "ghp_abcdefghijklmnopqrst123456",
    ],
    ids=["AWS key", "AWS session key", "web token", "private key", "private key cut short", "Slack token", "GitHub token"],
)
def test_a_secret_is_known_by_its_shape(secret: str) -> None:
    assert Redactor()(f"before {secret} after").replace(" after", "") == f"before {HIDDEN}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgres://user:pass@db/x", f"postgres://{HIDDEN}@db/x"),
        ("redis://:pass@cache:6379/0", f"redis://{HIDDEN}@cache:6379/0"),
        ("wss://a/prod?token=abc&role=x", f"wss://a/prod?token={HIDDEN}&role=x"),
        ("Authorization: Bearer abc.def=", f"Authorization: Bearer {HIDDEN}"),
        ("https://b/k?X-Amz-Expires=60&X-Amz-Signature=0aF9", f"https://b/k?X-Amz-Expires=60&X-Amz-Signature={HIDDEN}"),
        ("https://b/k?X-Amz-Security-Token=FQo%2B&x=1", f"https://b/k?X-Amz-Security-Token={HIDDEN}&x=1"),
        ("https://b/k?Expires=1&Signature=ab%3D", f"https://b/k?Expires=1&Signature={HIDDEN}"),
        ("Table Sessions is ACTIVE.", "Table Sessions is ACTIVE."),
    ],
    ids=[
        "password in a URL",
        "password without a user in a URL",
        "token in a query",
        "bearer token",
        "signed address",
        "token of a signed address",
        "older signed address",
        "no secret",
    ],
)
def test_the_rest_of_a_text_is_kept(text: str, expected: str) -> None:
    assert Redactor()(text) == expected


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("password", True),
        ("DB_PASSWORD", True),
        ("ClientSecret", True),
        ("api-key", True),
        ("sessionToken", True),
        ("SecretArn", False),
        ("secret_name", False),
        ("TokenUrl", False),
        ("NextToken", False),
        ("PasswordLastUsedDays", False),
        ("TableStatus", False),
    ],
)
def test_a_name_hides_what_stands_beside_it(name: str, hidden: bool) -> None:  # noqa: FBT001
    assert Redactor()({name: "value"}) == {name: HIDDEN if hidden else "value"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"password": ""}, {"password": ""}),
        ({"password": {"minimum": 8}}, {"password": {"minimum": 8}}),
        ({"passwords": ["x", ("y",), 3]}, {"passwords": [HIDDEN, [HIDDEN], 3]}),
        ({"password": b"x"}, {"password": HIDDEN}),
        (b"bytes", HIDDEN),
        (bytearray(b"bytes"), HIDDEN),
        ([1, None, True, 2.5], [1, None, True, 2.5]),
        (("a", {"b": ("c",)}), ["a", {"b": ["c"]}]),
        (Unshown("value"), HIDDEN),
        (Unshown(""), ""),
    ],
    ids=[
        "empty",
        "a rule",
        "several by name",
        "bytes by name",
        "bytes",
        "bytearray",
        "no texts",
        "tuples",
        "unshown",
        "unshown and empty",
    ],
)
def test_the_shape_of_a_value_is_kept(value: Any, expected: Any) -> None:
    assert Redactor()(value) == expected


def test_what_was_learnt_is_hidden_wherever_it_turns_up() -> None:
    redactor = Redactor()
    redactor.learn("tr0ub4dor")
    redactor.learn("tr0ub4dor&3")

    assert redactor({"note": ["it was tr0ub4dor&3, once tr0ub4dor"]}) == {"note": [f"it was {HIDDEN}, once {HIDDEN}"]}


def test_what_is_too_short_is_not_learnt() -> None:
    redactor = Redactor()
    redactor.learn("abc")

    assert redactor("abcdef") == "abcdef"


def test_a_plan_loses_only_what_was_learnt() -> None:
    redactor = Redactor()
    redactor.learn("tr0ub4dor")
    plan = {"password": "{{ x }}", "command": ["echo", "tr0ub4dor"], "minutes": 5}

    assert redactor.known(plan) == {"password": "{{ x }}", "command": ["echo", HIDDEN], "minutes": 5}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(value=JSON, secret=st.text(alphabet="abcdefghijk0123456789", min_size=8, max_size=20))
def test_no_learnt_secret_survives_anywhere(value: Any, secret: str) -> None:
    redactor = Redactor()
    redactor.learn(secret)

    assert secret not in str(redactor({"deep": [value, f"x{secret}y", {"z": secret}]}).get("deep")[1:])
    assert redactor(redactor(value)) == redactor(value)
