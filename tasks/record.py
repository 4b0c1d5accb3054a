"""The release record: numbered entries, each holding the hash of the one before it.

An entry is one JSON object in one file: ``n``, ``at``, ``type``, ``by`` (a process or a person), ``previous`` (SHA-256
of the file before, empty for the first), ``body``, and ``sum``, the SHA-256 of the rest, by which damage to the last
entry shows too. Entries are created exclusively: of two processes that go on with the same release, the second one to
append gets ``RecordConflict`` and stops. Nothing is ever changed or removed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tasks.core.errors import RecordConflict, RecordError
from tasks.core.redaction import redact
from tasks.store import Store

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,199}")


@dataclass(frozen=True)
class Entry:
    """One thing that happened. ``digest`` is the SHA-256 of the entry's bytes as stored."""

    n: int
    at: datetime
    type: str
    by: str
    previous: str
    body: Mapping[str, Any]
    digest: str


class Record:
    """The history of one release, or of one run beside it. Safe to share between threads of a process."""

    def __init__(self, store: Store, name: str, folder: str = "releases") -> None:
        if not _NAME.fullmatch(name):
            raise RecordError(f"'{name}' is no name of a record; `gates record show` lists the names.")
        self.name = name
        self._store = store
        self._prefix = f"{folder}/{name}"
        self._lock = threading.RLock()
        self._entries: list[Entry] = []
        self.refresh()
        self._refuse_gap()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries this process knows of, oldest first."""
        with self._lock:
            return tuple(self._entries)

    def refresh(self) -> None:
        """Read the entries that have been added since. Raises ``RecordError`` when the chain does not hold."""
        with self._lock:
            while (content := self._store.read(self._key(len(self._entries)))) is not None:
                self._entries.append(
                    _parsed(content, self._entries[-1] if self._entries else None, self._key(len(self._entries)))
                )

    def append(self, type_: str, body: Mapping[str, Any], by: str = "") -> Entry:
        """Add an entry, without learnt secrets. Raises ``RecordConflict`` when another process added one first."""
        with self._lock:
            last = self._entries[-1] if self._entries else None
            shape = {
                "n": len(self._entries),
                "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "type": type_,
                "by": by or process_name(),
                "previous": last.digest if last else "",
                "body": redact.known(body),
            }
            content = canonical(shape | {"sum": digest_of(shape)})
            if not self._store.create(self._key(len(self._entries)), content):
                raise RecordConflict(
                    f"Another process has gone on with {self.name} and wrote entry {len(self._entries)} first; this one stops."
                )
            entry = _parsed(content, last, self._key(len(self._entries)))
            self._entries.append(entry)
            return entry

    def of(self, *types: str) -> list[Entry]:
        """The entries of these types, oldest first."""
        return [entry for entry in self.entries if entry.type in types]

    def last(self, *types: str, where: Callable[[Mapping[str, Any]], bool] = lambda _body: True) -> Entry | None:
        """The newest entry of these types whose body is as wanted, or None."""
        return next((entry for entry in reversed(self.entries) if entry.type in types and where(entry.body)), None)

    def keep(self, content: Any) -> str:
        """Keep a large value beside the entries; its SHA-256, under which an entry refers to it."""
        data = canonical(redact.known(content))
        digest = hashlib.sha256(data).hexdigest()
        self._store.create(f"{self._prefix}/evidence/{digest}.json", data)
        return digest

    def kept(self, digest: str) -> Any:
        """The value that ``keep`` kept. Raises ``RecordError`` when it is missing or is not what was kept."""
        data = self._store.read(f"{self._prefix}/evidence/{digest}.json")
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            raise RecordError(f"Evidence {digest[:12]} of {self.name} is {'missing' if data is None else 'not what was kept'}.")
        return json.loads(data)

    def _refuse_gap(self) -> None:
        """Going on over a hole would forget what was decided behind it, and do it a second time."""
        numbered = _numbered(self._store, self._prefix)
        self.refresh()
        if numbered and numbered[-1] >= self._key(len(self._entries)):
            raise RecordError(f"Entry {self._key(len(self._entries))} is missing, and later ones are there: it was removed.")

    def _key(self, n: int) -> str:
        return f"{self._prefix}/{n:06d}.json"


def verify(store: Store, name: str, folder: str = "releases", *, last: str = "") -> list[str]:
    """Everything wrong with a record, a sentence each; none when it holds from its first entry to its last.

    Checked: numbering without gaps, every byte of every entry, every piece of evidence. What was cut off at the end, or
    written anew by somebody who made the hashes fit, leaves no trace in a chain: ``last``, the digest that the last entry had
    when it was kept elsewhere, tells. Entries may have come since; that one must still be there.
    """
    try:
        record = Record(store, name, folder)
    except RecordError as error:
        return [str(error)]
    wrong = [] if record.entries else [f"There is no record {name}; `gates record show` lists the names."]
    keys = [f"{folder}/{name}/{entry.n:06d}.json" for entry in record.entries]
    wrong += [f"{key} does not belong to the record." for key in store.keys(f"{folder}/{name}") if key not in _room(keys)]
    wrong += [f"Entry {key} is not as it was written." for key in keys if not _as_written(store.read(key) or b"")]
    if last and last not in [entry.digest for entry in record.entries]:
        wrong.append(f"No entry of {name} has the digest {last[:16]} that was kept: entries were cut off or replaced.")
    for digest in dict.fromkeys(_evidence(record)):
        try:
            record.kept(digest)
        except RecordError as error:
            wrong.append(str(error))
    return wrong


def names(store: Store, folder: str = "releases") -> list[str]:
    """The names of all records, sorted."""
    return [key.rstrip("/").rpartition("/")[2] for key in store.keys(folder)]


def canonical(value: Any) -> bytes:
    """The one way a value is written: sorted keys, no blanks, UTF-8, a newline at the end."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode(errors="backslashreplace") + b"\n"  # half a surrogate pair becomes JSON's own \\ud800


def digest_of(value: Any) -> str:
    """SHA-256 of the value's canonical form, as hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def process_name() -> str:
    """Who writes: ``host:pid``."""
    return f"{socket.gethostname()}:{os.getpid()}"


def _numbered(store: Store, prefix: str) -> list[str]:
    return [key for key in store.keys(prefix) if re.fullmatch(r"\d{6,}\.json", key.rpartition("/")[2])]


def _room(keys: list[str]) -> set[str]:
    """What may stand in the folder of a record with these entries."""
    return {*keys, *(key.rpartition("/")[0] + "/evidence/" for key in keys)}


def _as_written(content: bytes) -> bool:
    shape = json.loads(content)
    return "sum" in shape and canonical(shape) == content


def _parsed(content: bytes, previous: Entry | None, key: str) -> Entry:
    try:
        shape = json.loads(content)
        entry = Entry(
            shape["n"], datetime.fromisoformat(shape["at"]), shape["type"], shape["by"], shape["previous"], shape["body"],
            hashlib.sha256(content).hexdigest(),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise RecordError(f"Entry {key} cannot be read: it was damaged or changed.") from error
    own = digest_of({name: value for name, value in shape.items() if name != "sum"})
    if shape.get("sum", own) != own:
        raise RecordError(f"Entry {key} is not what its own sum says: it was damaged or changed.")
    if entry.n != (previous.n + 1 if previous else 0) or entry.previous != (previous.digest if previous else ""):
        raise RecordError(f"Entry {key} does not follow from the entry before it: one of the two was changed.")
    return entry


def _evidence(record: Record) -> Iterator[str]:
    for entry in record.of("sampled"):
        yield from (shape["evidence"] for shape in entry.body["verdicts"].values() if "evidence" in shape)
