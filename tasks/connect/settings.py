"""Where things are, read once from the environment. The only module below ``deployments`` that reads it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tasks.core.errors import DefinitionError


@dataclass(frozen=True)
class Settings:
    """Paths and addresses of one process. Every field has an environment variable, named beside it."""

    records: Path  # GATES_RECORDS: folder of the release records and the environment locks
    checklists: Path  # GATES_CHECKLISTS: folder of the checklist files
    workspaces: Path  # GATES_WORKSPACES: folder that holds a checkout of each system
    approvers: Path  # GATES_APPROVERS: the registry of people, their roles and their proofs
    notices_webhook: str  # GATES_SLACK_WEBHOOK: incoming webhook for notices; empty: notices stay in the run's log
    nameserver: str = ""  # GATES_NAMESERVER: host:port of the name server that DNS checks ask; empty: the system's own
    kubeconfig: str = ""  # KUBECONFIG: the way into the cluster; empty: ~/.kube/config, or the pod's own account

    @staticmethod
    def from_environment() -> Settings:
        """The settings of this process; relative paths start at the current folder."""
        home = Path(os.environ.get("GATES_HOME", ".gates")).absolute()
        return Settings(
            records=_path("GATES_RECORDS", home / "records"),
            checklists=_path("GATES_CHECKLISTS", Path(__file__).parents[2] / "checklists"),
            workspaces=_path("GATES_WORKSPACES", Path.cwd()),
            approvers=_path("GATES_APPROVERS", home / "approvers.yaml"),
            notices_webhook=os.environ.get("GATES_SLACK_WEBHOOK", ""),
            nameserver=os.environ.get("GATES_NAMESERVER", ""),
            kubeconfig=os.environ.get("KUBECONFIG", ""),
        )


def environment(names: tuple[str, ...]) -> dict[str, str]:
    """The variables among ``names`` that are set."""
    return {name: os.environ[name] for name in names if name in os.environ}


def whole_environment() -> dict[str, str]:
    """Every variable, for a command that may change the world as the person who runs the release may."""
    return dict(os.environ)


def _path(name: str, default: Path) -> Path:
    value = os.environ.get(name, "")
    if "\0" in value:
        raise DefinitionError(f"{name} holds a NUL character; set it to a folder's path.")
    return Path(value).absolute() if value else default
