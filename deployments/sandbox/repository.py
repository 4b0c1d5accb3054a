"""A system's checkout as its team would have it: a git repository with commits and tags."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

_WHO = {
    f"GIT_{part}_{what}": value
    for part in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "The team"), ("EMAIL", "team@example.com"))
}


def commit(folder: Path, message: str, tag: str = "", moment: str = "") -> None:
    """Commit everything that git does not ignore in ``folder``, a repository from then on, and set the tag.

    ``moment`` is when that was, as git reads it, such as 2026-01-31T12:00:00+00:00; empty: now. Nothing happens on a machine
    without git: the checks that ask it then say so.
    """
    if shutil.which("git") is None:
        return
    if not (folder / ".git").exists():
        _git(folder, "init", "--quiet", "--initial-branch", "main")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--allow-empty", "--message", message, moment=moment)
    if tag:
        _git(folder, "tag", "--force", tag)


def _git(folder: Path, *words: str, moment: str = "") -> None:
    dates = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), moment) if moment else {}
    # Settings of the machine's owner, such as signing, are not the sandbox's.
    own = {"PATH": os.environ.get("PATH", os.defpath), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *words], cwd=folder, env=own | _WHO | dates, check=True, capture_output=True)
