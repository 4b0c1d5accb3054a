"""The tools of the machine that releases: there, and new enough."""

from __future__ import annotations

import re

from tasks.connect.commands import Commands
from tasks.connect.files import Files
from tasks.core.judges import includes
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

_VERSION = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+)+)|/(\d+(?:\.\d+)+)|\bv(\d+)\b")


@check(remedy="command -v <tool>; <tool> --version")
def version(commands: Commands, *, tool: str, minimum: str = "", arguments: list[str] | None = None) -> Verdict:
    """The tool is installed, and its version is the wished one or newer.

    A release that starts with an old tool stops halfway, when the tool meets what it does not know.
    ``tool`` is a program on the PATH, ``minimum`` a version such as 3.11, ``arguments`` what makes the tool print its
    version: --version unless said otherwise. Runs the tool.

    Example:
        check: tool.version
        with: {tool: node, minimum: "18"}

    """
    words = [tool, *(["--version"] if arguments is None else arguments)]
    finished = commands.run(words, timeout_seconds=60)
    if finished.exit_status != 0:
        return failed(f"`{' '.join(words)}` ended with {finished.exit_status}: {finished.last_line}")
    found = _VERSION.search(finished.output)
    if found is None:
        return unknown(f"`{' '.join(words)}` printed no version: {finished.last_line}")
    seen = next(filter(None, found.groups()))
    if not minimum:
        return passed(f"{tool} is {seen}.", {"version": seen})
    if not re.fullmatch(r"\d+(\.\d+)*", minimum):
        return unknown(f"'{minimum}' is no version to compare {tool} {seen} with; write numbers and dots.")
    if _numbers(seen) < _numbers(minimum):
        return failed(f"{tool} is {seen}, wanted at least {minimum}.")
    return passed(f"{tool} is {seen}, wanted at least {minimum}.", {"version": seen})


@check(remedy="python3 -m venv <directory>")
def virtual_environment(files: Files, commands: Commands, *, directory: str = ".venv") -> Verdict:
    """The Python virtual environment is there, and its Python runs in it.

    An environment whose Python was upgraded or removed is a folder of dead links; a missing one lets the system's packages in.
    ``directory`` is relative to the system's checkout. Reads pyvenv.cfg and runs bin/python.

    Example:
        check: tool.virtual_environment
        with: {directory: .venv}

    """
    files.text(f"{directory}/pyvenv.cfg")
    question = "import sys; print('inside' if sys.prefix != sys.base_prefix else 'outside', sys.version.split()[0])"
    finished = commands.run([f"{directory}/bin/python", "-c", question], timeout_seconds=60)
    if finished.exit_status != 0:
        return failed(f"{directory}/bin/python ended with {finished.exit_status}: {finished.last_line}")
    return includes(f"{directory}/bin/python, which answered '{finished.last_line}',", finished.output.split(), ["inside"])


def _numbers(version_text: str) -> list[int]:
    """``3.11.0`` as ``[3, 11]``: trailing zeros say nothing."""
    numbers = [int(part) for part in version_text.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return numbers
