"""A git repository in a workspace of its own."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.tasks.world import Place, write


@contextmanager
def repository(*steps: Mapping[str, str] | str, days: float = 0) -> Iterator[Path]:
    """A repository made by the steps: files are written and committed, a text is a tag; commits are so many days old."""
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder) / "shop"
        checkout.mkdir()
        git(checkout, "init", "-q", "-b", "main", days=days)
        for step in steps:
            if isinstance(step, str):
                git(checkout, "tag", step, days=days)
                continue
            write(checkout, step)
            git(checkout, "add", "-A", days=days)
            git(checkout, "commit", "-q", "-m", f"Change {', '.join(step)}", days=days)
        yield checkout


def git(checkout: Path, *words: str, days: float = 0) -> None:
    """Run git as a person whose name nobody configured, and whose own settings do not count."""
    moment = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    who = {
        f"GIT_{part}_{what}": value for part in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "Ana"), ("EMAIL", "a@b.c"))
    }
    dates = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    own = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *words], cwd=checkout, env=own | who | dates, check=True)


def checkout_of(
    *steps: Mapping[str, str] | str, days: float = 0, dirty: Mapping[str, str] | None = None
) -> Callable[[], AbstractContextManager[Place]]:
    """A case's workspace with the repository ``shop``; ``dirty`` is written after the last commit."""

    @contextmanager
    def listen() -> Iterator[Place]:
        with repository(*steps, days=days) as checkout:
            write(checkout, dirty or {})
            yield Place(settings={"workspaces": checkout.parent})

    return listen
