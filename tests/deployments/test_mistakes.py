"""A person's mistake is told in one sentence that says what to do, with exit status 2, and nothing is created."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.deployments.conftest import Gates

KETTLE = ("release", "kettle", "--version", "1.0.0", "--requested-by", "rita")

CASES = [
    pytest.param(("brew",), "No such command 'brew'. See `gates --help`.", id="a command that there is not"),
    pytest.param(("release",), "Missing argument 'checklist'.", id="no checklist named"),
    pytest.param(("release", "kettle", "--version", "1.0.0"), "Missing option '--requested-by'", id="nobody requests it"),
    pytest.param((*KETTLE, "--cups", "3"), "No such option: --cups", id="an option that there is not"),
    pytest.param(("release", "ketle", "-v", "1", "-r", "rita"), "did you mean 'kettle'?", id="a checklist misspelt"),
    pytest.param((*KETTLE, "-e", "prodction"), "did you mean 'production'?", id="an environment misspelt"),
    pytest.param((*KETTLE[:3], "one two", "-r", "rita"), "The version 'one two' is not allowed", id="a version with a blank"),
    pytest.param((*KETTLE, "--answer", "cups"), "'cups' is not of the form name=value", id="an answer without a value"),
    pytest.param((*KETTLE, "-a", "cup=3"), "did you mean 'cups'?", id="a parameter misspelt"),
    pytest.param(
        (*KETTLE, "-a", "cups=many"), "The parameter 'cups' wants a whole number, not 'many'.", id="a word for a number"
    ),
    pytest.param(KETTLE, "No Prefect server is running here; start one with `gates up`", id="no server"),
    pytest.param(("deploy",), "No Prefect server is running here", id="nowhere to deploy to"),
    pytest.param(("rollback", "kettle-1", "--reason", "cold"), "There is no record 'kettle-1'", id="rollback of nothing"),
    pytest.param(("continue", "kettle-1"), "There is no record 'kettle-1'", id="nothing to go on with"),
    pytest.param(("status", "kettle-1"), "there are none yet", id="status of nothing"),
    pytest.param(("record", "show", "kettle-1"), "There is no record 'kettle-1'", id="record of nothing"),
    pytest.param(("record", "show", "../codes"), "There is no record '../codes'", id="a name that climbs out of the folder"),
    pytest.param(("record", "verify", "kettle-1"), "There is no record 'kettle-1'", id="nothing to verify"),
    pytest.param(("plan", "kettle", "-e", "staging"), "has no environment 'staging'", id="plan for nowhere"),
    pytest.param(("check", "nowhere.yaml"), "nowhere.yaml", id="a file that is not there"),
    pytest.param(("check", ".."), "there is no checklist in this folder", id="a folder without checklists"),
    pytest.param(("up", "--port", "many"), "Invalid value for '--port'", id="a port that is no number"),
    pytest.param(("sandbox", "breka"), "No such command 'breka'.", id="a command of the sandbox misspelt"),
]


@pytest.mark.parametrize(("words", "sentence"), CASES)
def test_a_mistake_is_one_sentence(gates: Gates, home: Path, words: tuple[str, ...], sentence: str) -> None:
    said = gates(*words)

    assert (said.status, said.out) == (2, "")
    assert len(said.sentences) == 1
    assert sentence in said.err
    assert "Traceback" not in said.err
    assert not (home / "home" / "records").exists()


def test_every_mistake_of_a_checklist_is_told_with_its_line(gates: Gates, home: Path) -> None:
    path = home / "checklists" / "kettle.yaml"
    path.write_text(path.read_text().replace("file.exists", "file.exist").replace("{by: qa", "{by: cook"))

    said = gates("check", "checklists/kettle.yaml")

    assert said.status == 2
    assert [line.split(": ")[0] for line in said.sentences] == ["checklists/kettle.yaml:16", "checklists/kettle.yaml:20"]


def test_a_broken_checklist_is_not_released(gates: Gates, home: Path) -> None:
    path = home / "checklists" / "kettle.yaml"
    path.write_text(path.read_text().replace("file.exists", "file.exist"))

    said = gates(*KETTLE)

    assert said.status == 2
    assert "kettle.yaml:16: " in said.err
    assert "did you mean 'file.exists'?" in said.err


def test_a_server_that_is_gone_is_named(gates: Gates) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{taken.getsockname()[1]}/api"

        said = gates(*KETTLE)

    assert said.status == 2
    assert said.err.strip() == (
        f"No Prefect server answers at {os.environ['PREFECT_API_URL']}; start one with `gates up`, or set PREFECT_API_URL."
    )


def test_an_address_that_is_none_is_named(gates: Gates) -> None:
    os.environ["PREFECT_API_URL"] = "nowhere"

    said = gates("deploy")

    assert (said.status, len(said.sentences)) == (2, 1)
    assert "No Prefect server answers at nowhere" in said.err
