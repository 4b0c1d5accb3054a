from pathlib import Path

import pytest

from tasks.connect.redis import Redis
from tasks.connect.session import Session
from tasks.connect.settings import Settings
from tasks.core.errors import ReadOnly
from tasks.core.sample import Sample, Trail


@pytest.mark.parametrize(
    "command",
    [("FLUSHALL",), ("SET", "a", "1"), ("CONFIG SET", "save", ""), ("EVAL", "x"), ("KEYS", "*"), ("CONFIG GET", "requirepass")],
)
def test_only_reads_pass_and_none_of_a_secret(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATES_TEST_REDIS", "redis://127.0.0.1:1/0")
    door = Redis.open(Session(Settings(tmp_path, tmp_path, tmp_path, tmp_path, "")), Trail(Sample()))

    with pytest.raises(ReadOnly):
        door.at("env:GATES_TEST_REDIS").ask(*command)
