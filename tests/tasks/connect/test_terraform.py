import json
import os
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.connect.session import Release, Session
from tasks.connect.settings import Settings
from tasks.connect.terraform import Terraform
from tasks.connect.terraform_plans import Request
from tasks.connect.terraform_program import Locked, environment, headline, meaning
from tasks.connect.terraform_progress import Progress
from tasks.core.errors import Denied, EvidenceError, Throttled, Unreachable
from tasks.core.sample import Sample, Trail
from tests.tasks.configurations import FOLDER, configuration, terraform

pytestmark = pytest.mark.sandbox

SECRETIVE = """
variable "password" {
  sensitive = true
}
resource "terraform_data" "a" {
  input = "user:${var.password}"
}
output "password" {
  value     = var.password
  sensitive = true
}
output "port" {
  value     = 5432
  sensitive = true
}
"""
LOCK = """Error: Error acquiring the state lock
Lock Info:
  ID:        1da0
  Operation: OperationTypeApply
  Who:       ana@laptop
  Created:   2026-11-21 10:33:25.96 +0000 UTC
"""


@pytest.fixture
def trail(monkeypatch: pytest.MonkeyPatch) -> Iterator[Trail]:
    monkeypatch.setenv("TF_VAR_password", "open-sesame-77")
    with configuration({"main.tf": SECRETIVE}):
        yield Trail(Sample())


@pytest.fixture
def door(trail: Trail, tmp_path: Path) -> Terraform:
    folder = tmp_path / "workspaces" / FOLDER
    folder.mkdir(parents=True)
    (folder / "main.tf").write_text(SECRETIVE)
    settings = Settings(tmp_path / "records", tmp_path, tmp_path / "workspaces", tmp_path, "")
    return Terraform.open(Session(settings, release=Release(id="release-7")), trail)


def test_evidence_has_no_value_of_plan_state_or_secret_output(door: Terraform, trail: Trail, tmp_path: Path) -> None:
    door.plan(FOLDER)
    terraform(tmp_path / "workspaces" / FOLDER, "apply", "-auto-approve")
    door.state(FOLDER)
    seen = door.outputs(FOLDER)
    evidence = json.dumps([reading.as_evidence() for reading in trail.readings])

    assert seen["password"] == "open-sesame-77"
    assert "open-sesame" not in evidence
    assert "5432" not in evidence
    assert "terraform_data.a" in evidence


def test_plans_are_kept_where_only_the_worker_can_read_them(door: Terraform, tmp_path: Path) -> None:
    digest = door.plan(FOLDER).digest
    folder = tmp_path / "terraform-plans" / "release-7"
    kept = list(folder.iterdir())

    assert [file.name for file in kept] == [f"{digest}.tfplan"]
    assert (folder.stat().st_mode & 0o777, kept[0].stat().st_mode & 0o777) == (0o700, 0o600)
    assert zipfile.is_zipfile(kept[0])


def test_what_was_kept_for_old_releases_is_removed_and_nothing_else(door: Terraform, tmp_path: Path) -> None:
    names = {f"{'a' * 64}.tfplan": 91, f"{'b' * 64}.tfstate": 89, "somebody-elses.txt": 91}
    folder = tmp_path / "terraform-plans" / "release-1"
    folder.mkdir(parents=True)
    for name, days in names.items():
        (folder / name).touch()
        os.utime(folder / name, (time.time() - days * 86400,) * 2)
    door.plan(FOLDER)

    assert sorted(each.name for each in folder.iterdir()) == [f"{'b' * 64}.tfstate", "somebody-elses.txt"]


def test_one_plan_serves_all_checks_of_a_sample(door: Terraform, trail: Trail) -> None:
    plans = [door.plan(FOLDER), door.plan(FOLDER), door.plan(FOLDER, request=Request(variables={"password": "x"}))]

    assert len([each for each in trail.readings if each.question.startswith("plan")]) == 2
    assert plans[0] == plans[1] != plans[2]


@pytest.mark.parametrize(
    ("reach", "kept", "withheld"),
    [
        (
            "folder",
            {"PATH", "TF_CLI_CONFIG_FILE"},
            {"AWS_SECRET_ACCESS_KEY", "TF_VAR_zone", "DATADOG_API_KEY", "GATES_RECORDS"},
        ),
        ("backend", {"AWS_SECRET_ACCESS_KEY"}, {"TF_VAR_zone", "DATADOG_API_KEY", "PREFECT_API_KEY"}),
        ("providers", {"AWS_SECRET_ACCESS_KEY", "TF_VAR_zone"}, {"DATADOG_API_KEY", "PREFECT_API_KEY"}),
        ("everything", {"AWS_SECRET_ACCESS_KEY", "TF_VAR_zone", "DATADOG_API_KEY"}, {"TF_CLI_ARGS_plan", "TF_LOG"}),
    ],
)
def test_environment(monkeypatch: pytest.MonkeyPatch, reach: str, kept: set[str], withheld: set[str]) -> None:
    for name in kept | withheld | {"TF_CLI_ARGS", "TF_CLI_ARGS_plan", "TF_WORKSPACE", "TF_LOG"}:
        monkeypatch.setenv(name, "value-of-it")
    variables = environment(reach)  # type: ignore[arg-type]

    assert kept <= variables.keys()
    assert not (withheld | {"TF_CLI_ARGS", "TF_CLI_ARGS_plan", "TF_WORKSPACE", "TF_LOG"}) & variables.keys()


def test_reads_take_the_credentials_that_can_only_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of-the-deployer")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("GATES_TERRAFORM_READ_AWS_PROFILE", "auditor")
    monkeypatch.setenv("GATES_TERRAFORM_READ_DATADOG_API_KEY", "reads-only")
    reading, changing = environment("providers"), environment("everything")

    assert (reading["AWS_PROFILE"], reading["DATADOG_API_KEY"], reading["AWS_REGION"]) == ("auditor", "reads-only", "eu-west-1")
    assert "AWS_ACCESS_KEY_ID" not in reading
    assert changing["AWS_ACCESS_KEY_ID"] == "of-the-deployer"


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        (LOCK, Locked, "lock 1da0 of ana@laptop, OperationTypeApply since 2026-11-21 10:33:25.96"),
        ("Error: No valid credential sources found", Denied, "No valid credential"),
        ("Error: reading\n\noperation error S3: StatusCode: 403, Forbidden", Denied, "reading: operation error S3"),
        ("Error: dial tcp 10.0.0.1:443: connect: connection refused", Unreachable, "connection refused"),
        ("Error: ThrottlingException: Rate exceeded", Throttled, "Rate exceeded"),
        ("╷\n│ Error: Module not installed\n│ \n│   on main.tf line 1:\n╵", EvidenceError, "run terraform init"),
        ("╷\n│ Error: Unsupported argument\n│ \n│   on main.tf line 1:\n╵", EvidenceError, "there: Unsupported argument"),
        ("", EvidenceError, "it said nothing"),
    ],
    ids=["locked", "no credentials", "forbidden", "refused", "throttled", "not initialised", "wrong", "silent"],
)
def test_what_terraform_says_means(text: str, kind: type[Exception], says: str) -> None:
    error = meaning(text, "there")

    assert type(error) is kind
    assert says in str(error)


def test_the_first_error_is_told_and_warnings_are_not() -> None:
    warning = "Warning: Deprecated\n\nUse another.\n\n"
    text = warning + "Error: Bad value\n\n  on main.tf line 3:\n   3: x\n\nIt must be a number.\n\nError: More"

    assert headline(text) == "Bad value: It must be a number."


@pytest.mark.parametrize(
    ("lines", "began", "completed"),
    [
        ([], False, False),
        ([{"type": "version"}], False, False),
        ([{"type": "apply_start"}], True, False),
        ([{"type": "apply_start"}, {"type": "change_summary", "changes": {"operation": "plan"}}], True, False),
        ([{"type": "apply_start"}, {"type": "change_summary", "changes": {"operation": "apply"}}], True, True),
    ],
    ids=["nothing", "started", "begun", "planned only", "completed"],
)
def test_progress(lines: list[dict[str, object]], began: bool, completed: bool) -> None:  # noqa: FBT001
    progress = Progress.of("not JSON\n" + "\n".join(map(json.dumps, lines)) + '\n{"type": "apply_st')

    assert (progress.began, progress.completed) == (began, completed)
