"""What logs are judged by, wherever they are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tasks.core.log_lines import LEVELS, below
from tasks.core.verdicts import Verdict, failed, passed, unknown

_MOST_QUOTED = 3


def silent(what: str, minutes: float, *, allow_empty: bool) -> Verdict:
    """No line at all in that time: unknown, unless that is accepted."""
    told = f"{what} has no line at all of the last {minutes:g} minutes"
    return passed(f"{told}.") if allow_empty else unknown(f"{told}, so nothing could be judged.")


def no_line(what: str, sought: str, count: int, most: int, quoted: Sequence[str]) -> Verdict:
    """None of the lines that were sought; the first that were found are quoted. ``most`` is how many were looked for."""
    if not count:
        return passed(f"{what} has no line of {sought}.")
    many = f"{count} or more" if count == most else str(count)
    return failed(f"{what} has {many} lines of {sought}: {' | '.join(quoted[:_MOST_QUOTED])}")


def no_exposure(what: str, lines: int, exposures: Mapping[str, int]) -> Verdict:
    """No line gives a secret away. Nothing looked at is UNKNOWN."""
    if not lines:
        return unknown(f"{what} has no line to look through for secrets.")
    if not exposures:
        return passed(f"None of the newest {lines} lines of {what} gives a secret away.")
    told = ", ".join(f"{count} by '{name}'" for name, count in sorted(exposures.items()))
    return failed(
        f"Of the newest {lines} lines of {what} some give secrets away: {told}. They are not quoted; change the secrets."
    )


def level_at_least(what: str, levels: Mapping[str, int], level: str) -> Verdict:
    """No line is below the level. Lines without any level are UNKNOWN."""
    if level not in LEVELS:
        return unknown(f"'{level}' is no level; there are {', '.join(LEVELS)}.")
    if not levels:
        return unknown(f"No line of {what} tells its level.")
    low = {name: count for name, count in levels.items() if name in below(level)}
    seen = ", ".join(f"{count} {name}" for name, count in levels.items())
    if low:
        return failed(f"{what} has lines below {level}: {seen}.")
    return passed(f"{what} has no line below {level}: {seen}.")
