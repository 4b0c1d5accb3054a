from pathlib import Path

import pytest

from deployments.sandbox.repository import commit
from tasks.core.verdicts import Status
from tests.tasks.world import Case, write


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    project = tmp_path / "shop"
    write(project, {"docs/RUNBOOK.md": "old", "docs/API.md": "old"})
    commit(project, "Version 1.0.0", "v1.0.0", "2026-01-31T12:00:00+00:00")
    write(project, {"docs/RUNBOOK.md": "new"})
    commit(project, "The runbook, brought up to date")
    return tmp_path


@pytest.mark.parametrize(
    ("check", "arguments", "status"),
    [
        ("document.changed_since", {"path": "shop/docs/RUNBOOK.md", "tag": "v1.0.0"}, Status.PASSED),
        ("document.changed_since", {"path": "shop/docs/API.md", "tag": "v1.0.0"}, Status.FAILED),
        ("document.changed_within", {"path": "shop/docs/RUNBOOK.md", "days": 1}, Status.PASSED),
        ("document.changed_within", {"path": "shop/docs/API.md", "days": 1}, Status.FAILED),
        ("git.clean", {"directory": "shop"}, Status.PASSED),
        ("git.tag_exists", {"directory": "shop", "tag": "v1.0.0"}, Status.PASSED),
    ],
    ids=["changed", "not changed", "fresh", "old", "clean", "tagged"],
)
def test_checks_see_a_repository(check: str, arguments: dict[str, object], status: Status, workspace: Path) -> None:
    assert Case("", check, arguments, status, "").verdict(workspace).status is status


def test_a_machine_without_git_has_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    commit(tmp_path, "Version 1.0.0")

    assert list(tmp_path.iterdir()) == []
