"""Where records and locks are kept: small files that are created once and never changed.

The one thing asked of a store is exclusive creation: of two processes that create the same key, one succeeds. A folder
does it with a hard link, an object store with a conditional put.
"""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path
from typing import Protocol

from tasks.core.errors import RecordError


class Store(Protocol):
    """Keys are relative paths of ``[a-z0-9._-]`` parts joined by ``/``; values are bytes."""

    def create(self, key: str, content: bytes) -> bool:
        """Keep ``content`` under ``key`` for good; False when the key was taken. Raises ``RecordError``."""

    def read(self, key: str) -> bytes | None:
        """What is kept under ``key``, or None."""

    def keys(self, prefix: str) -> list[str]:
        """The keys directly below ``prefix``, sorted; folders end in ``/``."""


class DirectoryStore:
    """A store in a folder, which may be a shared file system."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, key: str, content: bytes) -> bool:
        """Write beside, flush to the disk, then link: a reader never sees half a file, and the second link fails."""
        path = self.folder / key
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            _make_folder(path.parent)
            try:
                with beside.open("xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                created = _linked(beside, path)
            finally:
                beside.unlink(missing_ok=True)
            _flush_folder(path.parent)
        except OSError as error:
            raise RecordError(_complaint(self.folder, error)) from error
        return created

    def read(self, key: str) -> bytes | None:
        """The file's bytes, or None where there is no such file."""
        try:
            return (self.folder / key).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise RecordError(_complaint(self.folder, error)) from error

    def keys(self, prefix: str) -> list[str]:
        """Names in the folder; half-written files are not among them."""
        folder = self.folder / prefix
        try:
            found = sorted(folder.iterdir())
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise RecordError(_complaint(self.folder, error)) from error
        shown = [path for path in found if not path.name.startswith(".")]
        return [path.relative_to(self.folder).as_posix() + ("/" if path.is_dir() else "") for path in shown]


def _linked(beside: Path, path: Path) -> bool:
    try:
        os.link(beside, path)
    except FileExistsError:
        return False
    return True


def _make_folder(folder: Path) -> None:
    """Make it and its parents, and have each new one survive a power cut: it is an entry in its own parent."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _flush_folder(folder.parent)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _complaint(folder: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The record folder {folder} is full; free some space and run the release again: it goes on where it stopped."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"The record folder {folder} may not be used ({error.strerror}); mend its permissions or set GATES_RECORDS."
    return f"The record folder {folder} failed: {error.strerror or error}; mend it or set GATES_RECORDS."
