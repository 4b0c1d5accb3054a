"""Processes that outlive the command that started them: start, ask after, stop, each by its id."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path


def free_ports(count: int) -> list[int]:
    """Find so many loopback ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def start(command: Sequence[str], environ: Mapping[str, str], directory: Path, log: Path) -> int:
    """Start a process in a session of its own, writing to ``log``; return its id."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(command),
            env=dict(environ),
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    # The process is meant to be left running; without this its handle warns when it is collected.
    process.returncode = 0
    return process.pid


def alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and was not waited for does not."""
    with suppress(ChildProcessError):  # one that another command started is not ours to wait for
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path(f"/proc/{pid}/stat").exists() or Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def wait_until(answers: Callable[[], bool], pid: int, seconds: float) -> None:
    """Return when ``answers`` says so. TimeoutError when the process ends first, or does not get there in time."""
    until = time.monotonic() + seconds
    while not answers():
        if time.monotonic() > until or not alive(pid):
            raise TimeoutError(f"process {pid} did not come up within {seconds:g} s")
        time.sleep(0.05)


def is_ours(pid: int, word: str) -> bool:
    """Whether the process runs a command line holding ``word``: an id may have been given to another since."""
    command = Path(f"/proc/{pid}/cmdline")
    return not command.exists() or word in command.read_bytes().decode("utf-8", "replace")


def stop(pid: int, word: str, seconds: float = 5) -> None:
    """End a process and those it started, gently and then not."""
    for wanted in (signal.SIGTERM, signal.SIGKILL):
        if not alive(pid) or not is_ours(pid, word):
            return
        os.killpg(pid, wanted)
        until = time.monotonic() + seconds
        while alive(pid) and time.monotonic() < until:
            time.sleep(0.05)
