"""Where this machine keeps its own server, and how a command finds it: ``GATES_HOME/up.json``."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEMO = Path(".sandbox/home")
_PLACES = ("GATES_RECORDS", "GATES_CHECKLISTS", "GATES_WORKSPACES", "GATES_APPROVERS")


@dataclass(frozen=True)
class Home:
    """The folder of ``gates up``: server's database, results, logs, and ``up.json`` while the server runs."""

    folder: Path

    @staticmethod
    def of_environment() -> Home:
        """``GATES_HOME``; or else ``.gates`` in the current folder, or the demo's, whichever runs or is there."""
        given = os.environ.get("GATES_HOME", "")
        if given:
            return Home(Path(given).absolute())
        likely = [Home(Path(".gates").absolute()), Home(DEMO.absolute())]
        running = [home for home in likely if home.up_file.exists()]
        there = [home for home in likely if home.folder.exists()]
        return [*running, *there, *likely][0]

    @property
    def up_file(self) -> Path:
        """What ``gates up`` wrote down: API, UI, process ids, and where the records and checklists are."""
        return self.folder / "up.json"

    def running(self) -> dict[str, Any]:
        """The content of ``up.json``; empty when there is none or it was cut off."""
        try:
            found: dict[str, Any] = json.loads(self.up_file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return found

    def save(self, **changed: Any) -> None:
        """Set fields of ``up.json``; the others stay."""
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.up_file.with_suffix(".new")
        fresh.write_text(json.dumps({**self.running(), **changed}, indent=2) + "\n", encoding="utf-8")
        fresh.replace(self.up_file)

    def forget(self) -> None:
        """Remove ``up.json``: nothing runs any more."""
        self.up_file.unlink(missing_ok=True)


def adopt(home: Home) -> None:
    """Let this process use what ``gates up`` started here, unless its own environment names something else."""
    found = home.running()
    os.environ.setdefault("GATES_HOME", str(home.folder))
    given = {**found.get("places", {}), "PREFECT_API_URL": found.get("api", ""), "PREFECT_UI_URL": found.get("ui", "")}
    if "PREFECT_API_URL" in os.environ:
        given = {name: value for name, value in given.items() if not name.startswith("PREFECT_")}
    for name, value in given.items():
        if value:
            os.environ.setdefault(name, value)


def places() -> dict[str, str]:
    """The folders that this process works with, absolute: a worker's flows run in a folder of their own."""
    from tasks.connect.settings import Settings

    settings = Settings.from_environment()
    values = (settings.records, settings.checklists, settings.workspaces, settings.approvers)
    return dict(zip(_PLACES, map(str, values), strict=True))
