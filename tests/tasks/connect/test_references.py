import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tasks.connect.references import Secrets
from tasks.connect.session import Session
from tasks.connect.settings import Settings
from tasks.core.errors import Absent, Denied, EvidenceError, GatesError, Malformed
from tasks.core.redaction import redact
from tasks.core.sample import Sample, Trail
from tests.tasks.world import DENIED, FakeClients, aws_error, write

DSN = "postgresql://app:s3cr%21t-of-app@db.example.com/shop"
AWS = {
    "secretsmanager.get_secret_value": {"SecretString": json.dumps({"dsn": DSN, "nested": {"key": "deep-secret"}})},
    "ssm.get_parameter": {"Parameter": {"Type": "SecureString", "Value": "parameter-secret"}},
}
FILES = {
    "shop/.env.production": f"DEBUG=false\nDATABASE_URL={DSN}\nEMPTY=\n",
    "shop/app.json": '{"api": {"key": "json-secret"}}',
}


def door(folder: Path, aws: Mapping[str, Any] = AWS) -> tuple[Secrets, Trail]:
    write(folder, FILES)
    trail = Trail(Sample())
    return Secrets.open(Session(Settings(folder, folder, folder, folder, ""), FakeClients(aws)), trail), trail


@pytest.mark.parametrize(
    ("reference", "value"),
    [
        ("env:SHOP_DSN", DSN),
        ("file:shop/.env.production#DATABASE_URL", DSN),
        ("file:shop/app.json#api.key", "json-secret"),
        ("aws-secret:shop/prod#dsn", DSN),
        ("aws-secret:shop/prod#nested.key", "deep-secret"),
        ("aws-parameter:/shop/prod/key", "parameter-secret"),
    ],
)
def test_a_reference_leads_to_its_secret_which_nobody_sees(
    reference: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_DSN", DSN)
    secrets, trail = door(tmp_path)

    assert str(secrets.value(reference)) == value
    assert secrets.length(reference) == len(value)
    assert value not in json.dumps([reading.as_evidence() for reading in trail.readings])
    assert [reading.question for reading in trail.readings] == [reference]


def test_a_whole_secret_is_read_without_a_key(tmp_path: Path) -> None:
    assert json.loads(door(tmp_path)[0].value("aws-secret:shop/prod"))["dsn"] == DSN


@pytest.mark.parametrize(
    ("reference", "error", "says"),
    [
        ("env:GATES_TEST_NOT_SET", Absent, "env:GATES_TEST_NOT_SET is not set"),
        ("file:shop/.env.production#NOBODY", Absent, "is not set"),
        ("file:shop/.env.production#EMPTY", Absent, "is not set"),
        ("file:shop/.env.staging#DATABASE_URL", Absent, "is not there: There is no file"),
        ("file:../../etc/passwd#root", EvidenceError, "leads out of the workspace"),
        ("aws-secret:shop/prod#nobody", Absent, "is not set"),
        (DSN, EvidenceError, "nothing of it is shown"),
        ("env:", EvidenceError, "nothing of it is shown"),
    ],
)
def test_what_is_not_there_is_told_apart_from_what_is_no_reference(
    reference: str, error: type[GatesError], says: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=says) as told:
        door(tmp_path)[0].value(reference)

    assert "s3cr" not in str(told.value)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (DENIED, Denied),
        (aws_error("ResourceNotFoundException"), Absent),
        ({"SecretString": "no JSON"}, Malformed),
    ],
    ids=["denied", "no such secret", "no JSON"],
)
def test_what_aws_answers_keeps_its_kind(answer: Any, error: type[GatesError], tmp_path: Path) -> None:
    with pytest.raises(error, match=r"^aws-secret:shop/prod#dsn "):
        door(tmp_path, {"secretsmanager.get_secret_value": answer})[0].value("aws-secret:shop/prod#dsn")


def test_the_password_of_an_address_is_hidden_alone_too(tmp_path: Path) -> None:
    door(tmp_path)[0].value("file:shop/.env.production#DATABASE_URL")

    assert (
        redact("FATAL: password s3cr!t-of-app is wrong, not s3cr%21t-of-app")
        == "FATAL: password [hidden] is wrong, not [hidden]"
    )


@pytest.mark.parametrize(
    ("scheme", "header"),
    [
        ("Bearer", "Bearer parameter-secret"),
        ("ApiKey", "ApiKey parameter-secret"),
        ("", "parameter-secret"),
        ("Basic", "Basic " + base64.b64encode(b"parameter-secret").decode()),
    ],
)
def test_a_header_carries_the_secret_under_its_scheme(scheme: str, header: str, tmp_path: Path) -> None:
    assert str(door(tmp_path)[0].token("aws-parameter:/shop/prod/key", scheme)) == header
