"""What can happen to a release: its process dies, the worker dies, the server dies; and the small world of the trial."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deployments import processes, runs, up
from tasks.lock import EnvironmentLock
from tasks.record import Entry, Record, verify
from tests.stack import PATIENCE

if TYPE_CHECKING:
    from deployments.waiting import Waiting
    from tests.stack import Stack

MOMENT = 0.01  # seconds between two looks for what is over soon
_UNTIL_SEEN = 8  # seconds in which a worker sees that a process is gone
_TURN = 'echo "$1" >> begun\nwhile [ -e slow ]; do sleep 0.05; done\necho "$1" >> turned\n'
_LOOK = 'while [ -e slow-look ]; do sleep 0.05; done\n[ "$(tail -n 1 turned)" = "$1" ]\n'


@dataclass(frozen=True)
class Trial:
    """The folder of the trial's switch. ``slow`` holds whoever turns it, ``slow-look`` whoever looks at it."""

    folder: Path

    def lay_out(self) -> None:
        """A switch that is off and was never turned by a release."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        (self.folder / "turn.sh").write_text(_TURN)
        (self.folder / "look.sh").write_text(_LOOK)
        (self.folder / "turned").write_text("off\n")

    @property
    def turned(self) -> list[str]:
        """How the switch was turned, oldest first."""
        return (self.folder / "turned").read_text().split()[1:]

    @property
    def begun(self) -> list[str]:
        """The turnings that were begun."""
        path = self.folder / "begun"
        return path.read_text().split() if path.exists() else []

    def hold_up(self, name: str = "slow") -> None:
        """Hold up the next turning (``slow``) or the next look (``slow-look``)."""
        (self.folder / name).touch()

    def let_go(self, name: str = "slow") -> None:
        """Let it go on."""
        (self.folder / name).unlink(missing_ok=True)


def until(happened: Callable[[], Any], what: str, seconds: float = PATIENCE, *, every: float = 0.25) -> None:
    """Return when it has happened; an assertion error that names it when it has not in time.

    Looking takes a processor from what is waited for: only what is over in a moment is looked for more often.
    """
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        time.sleep(every)


def take_back_later(stack: Stack, record: Record, block: str, comment: str, seconds: float) -> Waiting:
    """Have a scheduled block run now, and the release manager roll the release back for what it finds; the hold it stood in."""
    run = next(entry.body["flow_run"] for entry in record.of("scheduled") if block in entry.body["name"])
    stack.bring_forward(run)
    waiting = stack.hold(run, seconds)
    stack.sign(run, "ben", "roll back", comment=comment, seconds=seconds)
    stack.wait_for(run, ["Rollback started"], seconds)
    until(lambda: last(record, "ended").body["state"] != "Released", "the rollback", seconds)
    return waiting


def processes_of(run: str) -> list[int]:
    """The flow processes of a run on this machine; commands that they started are not among them."""
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if _runs(path, run)]


def kill_process(run: str, seconds: float = PATIENCE) -> None:
    """End the run's process by ``kill -9``, waiting for one to be there."""
    until(lambda: processes_of(run), f"a process of run {run}", seconds, every=MOMENT)
    for pid in processes_of(run):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def kill_service(stack: Stack, name: str) -> None:
    """End the worker or the server by ``kill -9``."""
    pid = stack.home.running()["pids"][name]
    os.kill(pid, signal.SIGKILL)
    until(lambda: not processes.alive(pid), f"the end of the {name}")


def start_service(stack: Stack, name: str) -> None:
    """Start the worker or the server again, where and as it was."""
    if name == "worker":
        up._launch(stack.home, "worker", ["worker", "start", "--pool", "gates", "--type", "process"])
        return
    port = stack.api.rpartition(":")[2].partition("/")[0]
    up._launch(stack.home, "server", ["server", "start", "--host", "127.0.0.1", "--port", port])
    up._wait(stack.home, stack.api)


def come_to_hold(stack: Stack, run: str, seconds: float = PATIENCE) -> Waiting:
    """The hold in which a run stands at last. A worker reports a crash twice, the second time over a retry made meanwhile."""
    until(lambda: stack.state(run).is_paused(), f"the suspension of run {run}", seconds)
    return stack.hold(run)


def bring_on(stack: Stack, run: str) -> Waiting:
    """The hold in which a run stands whose process was killed, retried when its worker calls it crashed.

    A process that is killed just after it has suspended its run leaves it "Suspended" until the worker has seen the kill.
    """
    while True:
        if stack.wait_for(run, ["Crashed", "Suspended"]).name == "Crashed":
            runs.go_on(run)
        waiting = come_to_hold(stack, run)
        time.sleep(_UNTIL_SEEN)
        if stack.state(run).is_paused():
            return waiting


def types(record: Record) -> list[str]:
    """The types of the record's entries, as it stands now."""
    record.refresh()
    return [entry.type for entry in record.entries]


def last(record: Record, *wanted: str) -> Entry:
    """The newest entry of these types."""
    record.refresh()
    found = record.last(*wanted)
    assert found is not None, f"{record.name} has no entry {' or '.join(wanted)}"
    return found


def assert_clean_end(stack: Stack, record: Record, state: str, checklist: str, environment: str) -> None:
    """The record ended in this state and holds from end to end, and the environment is free."""
    ended = last(record, "ended").body
    wrong = verify(stack.store, record.name)
    holder = EnvironmentLock(stack.store, checklist, environment).holder()

    assert ended["state"] == state, ended
    assert wrong == []
    assert holder is None


def _runs(path: Path, run: str) -> bool:
    try:
        environ = (path / "environ").read_bytes()
        return f"FLOW_RUN_ID={run}".encode() in environ and b"prefect" in (path / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False
