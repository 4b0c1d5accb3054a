"""How far applying a plan came: read from what `terraform apply -json` wrote, and from the processes of this machine."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tasks.connect.terraform_program import Lock, Locked, lock_in
from tasks.core.errors import Malformed
from tasks.core.redaction import redact

_PROCESSES = Path("/proc")
_TICK_SECONDS = 0.2
_LONGEST = 400


@dataclass(frozen=True)
class Progress:
    """``began``: with a resource at least. ``completed``: all of them. ``since``: its first line's time, empty without any."""

    began: bool
    completed: bool
    complaint: str
    since: str

    @staticmethod
    def of(text: str) -> Progress:
        """The progress that Terraform's lines tell of."""
        lines = list(messages(text))
        types = [each.get("type") for each in lines]
        ends = [each["changes"].get("operation") for each in lines if each.get("type") == "change_summary"]
        times = [str(each["@timestamp"]) for each in lines if "@timestamp" in each]
        return Progress("apply_start" in types, "apply" in ends, _complaint(lines, text), times[0] if times else "")

    def took(self, lock: Lock, host: str) -> bool:
        """Whether the lock can be the one that this apply took on ``host``."""
        took = lock.operation == "OperationTypeApply" and lock.who.endswith(f"@{host}")
        return took and bool(self.since) and _moment(lock.created) >= _moment(self.since)


def messages(text: str) -> Iterator[Mapping[str, Any]]:
    """Terraform's lines; what is no JSON object, such as a line cut off, is left out."""
    for line in text.splitlines():
        try:
            shape = json.loads(line)
        except ValueError:
            continue
        if isinstance(shape, dict):
            yield shape


def processes(mark: str, and_mark: str) -> list[Path] | None:
    """The processes of this machine whose variables have both texts at a beginning; None where that cannot be seen."""
    if not _PROCESSES.is_dir():
        return None
    every = [each for each in _PROCESSES.iterdir() if each.name.isdigit()]
    return [each for each in every if _marked(_read(each / "environ"), mark) and _marked(_read(each / "environ"), and_mark)]


def mentions(process: Path, text: str) -> bool:
    """Whether the process's command line has ``text`` in it."""
    return text.encode() in _read(process / "cmdline")


def end(find: Callable[[], list[Path]]) -> bool:
    """End the processes that ``find`` finds, gently first. False when some would not end."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        for process in find():
            _signal(process, sign)
        if wait(lambda: not find(), 3.0):
            return True
    return False


def wait(reached: Callable[[], bool], seconds: float) -> bool:
    """Wait until ``reached``; False when it was not within ``seconds``."""
    until = time.monotonic() + seconds
    while not reached():
        if time.monotonic() >= until:
            return False
        time.sleep(_TICK_SECONDS)
    return True


def _marked(variables: bytes, mark: str) -> bool:
    return f"\0{mark}".encode() in b"\0" + variables


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""  # the process ended, or is another user's


def _signal(process: Path, sign: signal.Signals) -> None:
    try:
        os.kill(int(process.name), sign)
    except ProcessLookupError:
        return


def _complaint(lines: list[Mapping[str, Any]], text: str) -> str:
    errors = [each["diagnostic"] for each in lines if each.get("type") == "diagnostic" and each.get("@level") == "error"]
    held = lock_in("\n".join(f"{each.get('summary')}\n{each.get('detail')}" for each in errors))
    if held:
        return str(Locked(held))
    told = " ".join(f"{each.get('summary', '')}: {each.get('detail', '')}" for each in errors) or text[-_LONGEST:]
    return str(redact(" ".join(told.split())[:_LONGEST])) or "it said nothing"


def _moment(text: str) -> datetime:
    """A time as Terraform writes it, in its lines or in a lock. Raises ``Malformed``."""
    try:
        return datetime.fromisoformat(text.replace(" +0000 UTC", "+00:00"))
    except ValueError as error:
        raise Malformed(f"'{text}' is no time that Terraform writes.") from error
