from pathlib import Path

import psycopg
import pytest

from tasks.connect import postgres
from tasks.connect.postgres import Postgres, quote
from tasks.connect.session import Session
from tasks.connect.settings import Settings
from tasks.core.errors import Absent, Denied, EvidenceError, GatesError, ReadOnly, Throttled, Unreachable
from tasks.core.sample import Sample, Trail
from tests.tasks.servers import free_port


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Postgres:
    monkeypatch.setenv("GATES_TEST_DSN", f"postgresql://app:not-for-eyes@127.0.0.1:{free_port()}/shop")
    monkeypatch.setenv("GATES_TEST_TEXT", "shop not-for-eyes")
    return Postgres.open(Session(Settings(tmp_path, tmp_path, tmp_path, tmp_path, "")), Trail(Sample()))


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM orders", "SELECT 1; DROP TABLE orders", "WITH x AS (DELETE FROM a RETURNING 1) SELECT 1", "VACUUM", ""],
)
def test_only_one_reading_statement_passes(statement: str, door: Postgres) -> None:
    with pytest.raises(ReadOnly):
        door.at("env:GATES_TEST_DSN").rows(statement)


@pytest.mark.parametrize("command", ["POOLS; SHUTDOWN", "pools", ""])
def test_the_console_only_shows(command: str, door: Postgres) -> None:
    with pytest.raises(ReadOnly):
        door.console("env:GATES_TEST_DSN").show(command)


def test_nobody_there_is_unreachable_and_the_password_stays_unsaid(door: Postgres) -> None:
    with pytest.raises(Unreachable, match="Connection refused") as told:
        door.at("env:GATES_TEST_DSN").rows("SELECT 1")

    assert "not-for-eyes" not in str(told.value)


def test_what_is_no_address_is_not_shown(door: Postgres) -> None:
    with pytest.raises(EvidenceError, match="no address of PostgreSQL") as told:
        door.at("env:GATES_TEST_TEXT").rows("SELECT 1")

    assert "not-for-eyes" not in str(told.value)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ('FATAL: password authentication failed for user "app"', Denied),
        ('FATAL: role "app" does not exist', Denied),
        ('FATAL: no pg_hba.conf entry for host "10.0.0.1", user "app", database "shop", no encryption', Denied),
        ('FATAL: permission denied for database "shop"', Denied),
        ('FATAL: database "shop" does not exist', Absent),
        ("FATAL: sorry, too many clients already", Throttled),
        ("FATAL: remaining connection slots are reserved for roles with the SUPERUSER attribute", Throttled),
        ("FATAL: the database system is starting up", Unreachable),
        ("could not translate host name", Unreachable),
    ],
)
def test_the_servers_words_tell_why_it_refused(said: str, error: type[GatesError]) -> None:
    assert type(postgres._refusal(psycopg.OperationalError(said))) is error


def test_names_are_quoted() -> None:
    assert quote('public.or"ders') == '"public"."or""ders"'
