import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tasks.connect.sign_in import SignIn
from tasks.core.redaction import HIDDEN, redact
from tasks.core.sample import Sample, Trail
from tests.tasks.users import NAMES, token, world
from tests.tasks.world import FakeClients


def recording(asked: list[Mapping[str, Any]], **changes: Any) -> FakeClients:
    """Clients whose sign-ins are noted."""

    def sign_in(**parameters: Any) -> dict[str, Any]:
        asked.append(parameters)
        return {"AuthenticationResult": {"IdToken": token(), "AccessToken": "opaque-access", "RefreshToken": "opaque-refresh"}}

    return FakeClients(world(**{"admin_initiate_auth": sign_in} | changes))


def test_signs_in_once_a_sample() -> None:
    asked: list[Mapping[str, Any]] = []
    clients, sample = recording(asked), Sample()
    with ThreadPoolExecutor(20) as pool:
        tokens = list(pool.map(lambda _: SignIn(clients, Trail(sample)).tokens(**NAMES).access_token, range(20)))

    assert [each["AuthParameters"] for each in asked] == [{"USERNAME": "ana", "PASSWORD": "correct horse"}]
    assert tokens == ["opaque-access"] * 20


def test_a_client_with_a_secret_is_asked_with_its_proof() -> None:
    asked: list[Mapping[str, Any]] = []
    described = {"UserPoolClient": {"ClientId": "client-1", "ClientSecret": "client-secret-1"}}
    SignIn(recording(asked, describe_user_pool_client=described), Trail(Sample())).tokens(**NAMES)

    # echo -n anaclient-1 | openssl dgst -sha256 -hmac client-secret-1 -binary | base64
    assert asked[0]["AuthParameters"]["SECRET_HASH"] == "lsAFJqaFHCjvOw6Qsr8BuTty51d3E5dCSEuBBFndWeE="


def test_neither_password_nor_token_is_ever_shown() -> None:
    trail = Trail(Sample())
    tokens = SignIn(recording([]), trail).tokens(**NAMES)

    shown = json.dumps([reading.as_evidence() for reading in trail.readings]) + str(tokens) + repr(tokens)

    assert not [each for each in (tokens.id_token, "opaque-access", "opaque-refresh", "correct horse") if each in shown]


@pytest.mark.parametrize("secret", ["correct horse", "opaque-access", "opaque-refresh"])
def test_what_was_learnt_is_hidden_everywhere(secret: str) -> None:
    SignIn(recording([]), Trail(Sample())).tokens(**NAMES)

    assert redact(f"the log says {secret}!") == f"the log says {HIDDEN}!"
