"""Where in the system's checkout a path of the checklist leads; never out of it."""

from __future__ import annotations

from pathlib import Path

from tasks.core.errors import Absent, EvidenceError


def inside(root: Path, path: str) -> Path:
    """``path``, which is relative to ``root``, with every link followed. Raises ``EvidenceError`` when it leads elsewhere."""
    try:
        target, top = (root / path).resolve(), root.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise EvidenceError(f"'{path}' cannot be followed: {error}.") from error
    if not target.is_relative_to(top):
        raise EvidenceError(f"'{path}' leads out of the workspace {root}; name a path inside it.")
    return target


def folder(root: Path, path: str) -> Path:
    """The folder at ``path``. Raises ``Absent`` when there is none."""
    target = inside(root, path)
    if not target.is_dir():
        raise Absent(f"There is no folder '{path or '.'}' in the workspace {root}.")
    return target
