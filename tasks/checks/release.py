"""The release itself: what of it has passed, and what its record says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from tasks.connect.progress import Progress
from tasks.core.judges import listed
from tasks.core.registry import check
from tasks.core.verdicts import Status, Verdict, failed, passed, unknown
from tasks.core.windows import DAYS, frozen, window

_MET = (Status.PASSED, Status.SKIPPED, Status.WAIVED)
_WORDS = {
    "requested_by": "Deployed by {}.",
    "version": "Version {}.",
    "date": "Date: {}.",
    "environment": "Environment {}.",
}


@check(remedy="gates show <release>")
def phase_passed(progress: Progress, *, phase: str) -> Verdict:
    """Every item of the phase passed, was skipped or was waived.

    ``phase`` is the phase's title. Reads the release record: nothing is judged anew.

    Example:
        check: release.phase_passed
        with: {phase: Deployment}

    """
    return _met(f"phase '{phase}'", progress.items(phase=phase))


@check(remedy="gates show <release>")
def section_passed(progress: Progress, *, section: str, phase: str = "") -> Verdict:
    """Every item of the section passed, was skipped or was waived.

    ``section`` is the section's title, ``phase`` the phase's where several have a section of that title. Reads the release
    record: nothing is judged anew.

    Example:
        check: release.section_passed
        with: {section: Verification}

    """
    return _met(f"section '{section}'", progress.items(phase=phase, section=section))


@check(remedy="gates show <release>")
def field_recorded(progress: Progress, *, field: Literal["requested_by", "version", "date", "environment"]) -> Verdict:
    """The release record says who, what, where or when.

    ``field`` is requested_by, version, environment or date, the day on which the release began (UTC). Reads the record.

    Example:
        check: release.field_recorded
        with: {field: requested_by}

    """
    release = progress.release
    if not release.id:
        return unknown("No release is running, so there is no record to read.")
    value = release.started[:10] if field == "date" else str(getattr(release, field))
    if not value:
        return failed(f"The record of release {release.id} does not say '{field}'.")
    return passed(_WORDS[field].format(value), {field: value})


@check(remedy="Wait until the window opens, or have the release waived by who may.")
def in_window(
    progress: Progress,
    *,
    opens: str,
    closes: str,
    days: list[Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]] | None = None,
    timezone: str = "UTC",
    freezes: list[str] | None = None,
) -> Verdict:
    """Now is inside the window in which this system may be changed.

    ``opens`` and ``closes`` are times such as 22:00; a window that closes before it opens goes on past midnight and belongs to
    the day on which it opened. ``days`` are the days on which it opens, every day unless said otherwise; ``timezone`` is such
    as Europe/Berlin; ``freezes`` are spans of days without any window, such as 2026-12-20..2027-01-03. Reads the clock.

    Example:
        check: release.in_window
        with: {days: [Mon, Tue, Wed, Thu], opens: "22:00", closes: "02:00", timezone: Europe/Berlin}

    """
    agreed = window(days or DAYS, opens, closes, timezone)
    local = progress.now.astimezone(agreed.zone)
    closed = frozen(progress.now, agreed.zone, freezes or ())
    if closed:
        return failed(f"It is {local:%a %Y-%m-%d %H:%M} {timezone}, and nothing is changed during {closed}.")
    verdict = passed if agreed.holds(progress.now) else failed
    return verdict(f"It is {local:%a %Y-%m-%d %H:%M} {timezone}; the window is {agreed}.")


def _met(what: str, items: Mapping[str, Mapping[str, Any]]) -> Verdict:
    if not items:
        return unknown(f"The release has no item in {what}.")
    still_open = [
        f"'{each['title']}' ({each['status'] or 'undecided'})" for each in items.values() if each["status"] not in _MET
    ]
    if still_open:
        return failed(f"{len(still_open)} of {len(items)} items in {what} are open: {listed(still_open)}.")
    count = sum(each["status"] == Status.PASSED for each in items.values())
    if not count:
        return unknown(f"No item in {what} passed: all {len(items)} were skipped or waived.")
    rest = f", {len(items) - count} were skipped or waived" if count < len(items) else ""
    return passed(f"{count} of {len(items)} items in {what} passed{rest}.")
