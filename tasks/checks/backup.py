"""Backups that tools of the team make: what their reports say. Those of AWS have checks of their own, aws.backup and others."""

from __future__ import annotations

from datetime import timedelta

from tasks.connect.files import Files
from tasks.core.answers import Answer, number, record, records
from tasks.core.judges import at_least, equal, recent
from tasks.core.moments import moment
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown, worst

_GOOD = ("succeeded", "success", "completed", "ok")


@check(remedy="Run the backup by hand, and read what it says.")
def report_fresh(files: Files, *, path: str, maximum_age_hours: float = 24, minimum_bytes: int = 1) -> Verdict:
    """The last backup succeeded, is recent, and is not empty.

    ``path`` is the report that the backup writes, relative to the workspace: JSON with finished, status and bytes, or a list of
    such, of which the newest counts. Reads the file.

    Example:
        check: backup.report_fresh
        with: {path: toombos/backups/last.json, maximum_age_hours: 24, minimum_bytes: 1000}

    """
    entries = _entries(files, path)
    if not entries:
        return unknown(f"{path} tells of no backup.")
    newest = max(entries, key=lambda each: moment(each["finished"]))
    status = str(newest["status"])
    told = f"The backup that {path} tells of"
    return worst(
        [
            (passed if status.lower() in _GOOD else failed)(f"{told} {status}."),
            at_least(f"Size of the backup that {path} tells of", number(newest["bytes"], "bytes"), minimum_bytes, "bytes"),
            recent(told, moment(newest["finished"]), files.now, maximum_age_hours),
        ]
    )


@check(remedy="Restore the newest backup into a place of its own, and compare what came out.")
def restore_verified(files: Files, *, path: str, maximum_age_days: float = 30) -> Verdict:
    """A backup was restored lately, and as much came out of it as had gone in.

    A backup that nobody ever restored is a hope.
    ``path`` is the drill's report relative to the workspace: JSON with finished, status, rows_expected and rows_restored. Reads
    the file.

    Example:
        check: backup.restore_verified
        with: {path: toombos/reports/restore-drill.json, maximum_age_days: 30}

    """
    drill = record(files.values(path), path)
    expected, status = number(drill["rows_expected"], "rows_expected"), str(drill["status"])
    if not expected:
        return unknown(f"The drill in {path} expected no rows, so it proves nothing.")
    return worst(
        [
            (passed if status.lower() in _GOOD else failed)(f"The restore that {path} tells of {status}."),
            equal(f"Number of restored rows in {path}", number(drill["rows_restored"], "rows_restored"), expected),
            recent(f"The restore that {path} tells of", moment(drill["finished"]), files.now, maximum_age_days * 24),
        ]
    )


@check(remedy="Change for how long the backup keeps what it makes.")
def retention_kept(files: Files, *, path: str, days: int, every_hours: float = 24) -> Verdict:
    """Backups are kept for the wished number of days, and none of them is missing in between.

    ``path`` is the catalogue that the backup writes, relative to the workspace: a JSON list of {finished, status, bytes};
    ``every_hours`` is how often one is made: a gap of twice that fails. Reads the file.

    Example:
        check: backup.retention_kept
        with: {path: toombos/backups/catalogue.json, days: 30}

    """
    good = sorted(moment(each["finished"]) for each in _entries(files, path) if str(each["status"]).lower() in _GOOD)
    if not good:
        return unknown(f"{path} tells of no backup that succeeded.")
    reach = round((files.now - good[0]).total_seconds() / 86_400, 1)
    gaps = [
        first
        for first, then in zip(good, [*good[1:], files.now], strict=True)
        if then - first > timedelta(hours=2 * every_hours)
    ]
    whole = f"After the backup of {gaps[0]:%Y-%m-%d %H:%M} UTC in {path} one is missing." if gaps else f"{path} has no gap."
    return worst(
        [at_least(f"How far the backups in {path} reach back", reach, days - 1, "days"), (failed if gaps else passed)(whole)]
    )


def _entries(files: Files, path: str) -> list[Answer]:
    content = files.values(path)
    return records(content if isinstance(content, list) else [content], path)
