"""A server and a worker on this machine, as processes that are started, asked after and stopped by their ids."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from deployments import processes
from deployments.home import Home, places
from deployments.server import heed_environment
from tasks.core.errors import GatesError

_READY_SECONDS = 90
_WORD = "prefect"
_ORDER = ("worker", "server")
"""Stopped in this order: a worker says good-bye to its server."""


class NotUp(GatesError):
    """The server or the worker did not come up; the message says where to look."""


def start(home: Home, port: int = 0, *, said: Callable[[str], None] = lambda _text: None) -> dict[str, str]:
    """Start server and worker, register the deployments, and return ``api`` and ``ui``. Nothing is done when both run.

    Raises ``NotUp`` with the log to read; what was started by then is stopped again.
    """
    if is_up(home):
        return {name: home.running()[name] for name in ("api", "ui")}
    stop(home)
    chosen = port or processes.free_ports(1)[0]
    address = f"http://127.0.0.1:{chosen}"
    found = {"api": f"{address}/api", "ui": f"{address}/v2"}
    home.save(**found, places=places(), pids={})
    try:
        said("Starting the Prefect server …")
        _launch(home, "server", ["server", "start", "--host", "127.0.0.1", "--port", str(chosen)])
        _wait(home, found["api"])
        said("Registering the flows …")
        _register(home, found)
    except BaseException:  # whatever it was, nothing stays behind
        stop(home)
        raise
    return found


def stop(home: Home) -> list[str]:
    """Stop worker and server with everything they started; the names of those that ran."""
    pids = home.running().get("pids", {})
    ran = [name for name in _ORDER if name in pids and processes.alive(pids[name])]
    for name in ran:
        processes.stop(pids[name], _WORD, seconds=10)
    home.forget()
    return ran


def is_up(home: Home) -> bool:
    """Whether both processes run."""
    pids = home.running().get("pids", {})
    return set(pids) == set(_ORDER) and all(processes.alive(pid) for pid in pids.values())


def wait_for_end(home: Home) -> str:
    """Return the name of the process that ended first."""
    while True:
        for name, pid in home.running().get("pids", {}).items():
            if not processes.alive(pid):
                return str(name)
        time.sleep(0.5)


def log_of(home: Home, name: str) -> Path:
    """Where a process writes."""
    return home.folder / "logs" / f"{name}.log"


def _register(home: Home, found: dict[str, str]) -> None:
    os.environ |= {"PREFECT_API_URL": found["api"], "PREFECT_UI_URL": found["ui"], "PREFECT_HOME": str(home.folder / "prefect")}
    from prefect.context import refresh_global_settings_context

    heed_environment()
    from deployments import register

    refresh_global_settings_context()  # Prefect reads the environment when it is imported, which may have been before
    register.create_pool()
    # The worker takes as long to start as the deployments take to be registered.
    _launch(home, "worker", ["worker", "start", "--pool", register.POOL, "--type", "process", "--name", f"gates-{os.getpid()}"])
    register.register()


def _launch(home: Home, name: str, words: list[str]) -> None:
    log = log_of(home, name)
    log.parent.mkdir(parents=True, exist_ok=True)
    pid = processes.start([sys.executable, "-m", "prefect", *words], _environ(home), home.folder, log)
    home.save(pids={**home.running()["pids"], name: pid})


def _environ(home: Home) -> dict[str, str]:
    """The caller's environment with the settings of a server and a worker for one machine."""
    found = home.running()
    return {
        **os.environ,
        **found["places"],
        "GATES_HOME": str(home.folder),
        "PREFECT_HOME": str(home.folder / "prefect"),
        "PREFECT_API_URL": found["api"],
        "PREFECT_UI_URL": found["ui"],
        "PREFECT_LOCAL_STORAGE_PATH": str(home.folder / "results"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_EXTRA_LOGGERS": "gates",
        # The pick-up of a run and of an approver's answer waits for the worker's next look.
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    }


def _wait(home: Home, api: str) -> None:
    until = time.monotonic() + _READY_SECONDS
    while not _healthy(api):
        pid = home.running()["pids"]["server"]
        if time.monotonic() > until or not processes.alive(pid):
            raise NotUp(f"The Prefect server did not come up; see {log_of(home, 'server')}.")
        time.sleep(0.1)


def _healthy(api: str) -> bool:
    try:
        return httpx.get(f"{api}/health", timeout=5).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
