from pathlib import Path

import pytest

from tasks.connect.files import Files
from tasks.core.errors import Absent, EvidenceError, GatesError, Malformed
from tasks.core.sample import Sample, Trail
from tests.tasks.world import write


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    write(tmp_path, {"secrets.txt": "outside", "work/plan.json": '\ufeff{"a": {"b": [1]}}', "work/docs/READ.md": "hello"})
    (tmp_path / "work/out").symlink_to(tmp_path / "secrets.txt")
    (tmp_path / "work/in").symlink_to("docs/READ.md")
    (tmp_path / "work/ring").symlink_to("ring")
    (tmp_path / "work/picture").write_bytes(b"\x89PNG\xff")
    return tmp_path / "work"


def files(workspace: Path) -> Files:
    return Files(workspace, Trail(Sample()))


def test_reads_text_and_values(workspace: Path) -> None:
    door = files(workspace)

    assert (door.text("docs/READ.md"), door.text("in"), door.values("plan.json")) == ("hello", "hello", {"a": {"b": [1]}})


@pytest.mark.parametrize(
    ("path", "error", "says"),
    [
        ("../secrets.txt", EvidenceError, "leads out of the workspace"),
        ("/etc/hostname", EvidenceError, "leads out of the workspace"),
        ("out", EvidenceError, "leads out of the workspace"),
        ("ring", GatesError, "ring"),
        ("nul\0", EvidenceError, "cannot be followed"),
        ("docs", Absent, "no file 'docs'"),
        ("missing", Absent, "no file 'missing'"),
        ("picture", Malformed, "no UTF-8 text"),
    ],
    ids=["above", "absolute", "link out", "link to itself", "no path", "folder", "missing", "picture"],
)
def test_refuses(workspace: Path, path: str, error: type[GatesError], says: str) -> None:
    with pytest.raises(error, match=says):
        files(workspace).text(path)


def test_a_missing_field_of_a_file_is_malformed(workspace: Path) -> None:
    with pytest.raises(Malformed, match="no field 'c'"):
        files(workspace).values("plan.json")["a"]["c"]


def test_a_secret_is_found_in_whatever_file_and_not_shown(workspace: Path) -> None:
    (workspace / "picture").write_bytes(b"\x89PNG\xffsecret-1")
    write(workspace, {".git/config": "secret-1", "docs/READ.md": "secret-2"})
    trail = Trail(Sample())
    found = Files(workspace, trail).holding("", {"first": "secret-1", "second": "secret-2"})

    assert {name: held for name, held in found.items() if held} == {"picture": ["first"], "docs/READ.md": ["second"]}
    assert "secret-1" not in str(trail.readings[0].as_evidence())


@pytest.mark.parametrize(
    ("limit", "says"), [("_MOST_FILES", "more than 2 files"), ("_LARGEST_SEARCHED", "up to 2 bytes")], ids=["many", "large"]
)
def test_what_is_too_much_to_search_is_not_searched_in_part(
    limit: str, says: str, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"tasks.connect.files.{limit}", 2)

    with pytest.raises(EvidenceError, match=says):
        files(workspace).holding("", {"first": "secret-1"})
