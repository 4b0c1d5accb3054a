"""The shapes that judging takes, so that a check is: select, judge, return.

Every judge says what was seen against what was wanted in one sentence that names the resource, and none of them passes
when it was given nothing to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from tasks.core.verdicts import Verdict, failed, passed, unknown, worst

T = TypeVar("T")

_MOST_NAMED = 5


def equal(what: str, seen: Any, wanted: Any, unit: str = "") -> Verdict:
    """``seen`` is exactly ``wanted``."""
    if seen == wanted:
        return passed(f"{what} is {show(seen, unit)}.")
    return failed(f"{what} is {show(seen, unit)}, wanted {show(wanted, unit)}.")


def at_least(what: str, seen: float | None, wanted: float, unit: str = "") -> Verdict:
    """``seen`` is ``wanted`` or more; ``None`` was not measured and is UNKNOWN."""
    if seen is None:
        return unknown(f"{what} has no value, wanted at least {show(wanted, unit)}.")
    return (passed if seen >= wanted else failed)(f"{what} is {show(seen, unit)}, wanted at least {show(wanted, unit)}.")


def at_most(what: str, seen: float | None, wanted: float, unit: str = "") -> Verdict:
    """``seen`` is ``wanted`` or less; ``None`` was not measured and is UNKNOWN."""
    if seen is None:
        return unknown(f"{what} has no value, wanted at most {show(wanted, unit)}.")
    return (passed if seen <= wanted else failed)(f"{what} is {show(seen, unit)}, wanted at most {show(wanted, unit)}.")


def recent(what: str, moment: datetime, now: datetime, hours: float) -> Verdict:
    """``moment`` is at most ``hours`` before ``now``; a moment to come is recent too."""
    age = (now - moment).total_seconds() / 3600
    seen = f"{what} is of {moment:%Y-%m-%d %H:%M} UTC, {span(max(age, 0.0))} ago"
    return passed(f"{seen}.") if age <= hours else failed(f"{seen}, wanted at most {span(hours)} ago.")


def present(what: str, seen: Any) -> Verdict:
    """There is something: not None, not empty."""
    return passed(f"{what} is set.") if seen else failed(f"{what} is not set.")


def includes(what: str, seen: Collection[str], wanted: Collection[str]) -> Verdict:
    """Every name in ``wanted`` is among ``seen``. Wanting nothing is UNKNOWN."""
    if not wanted:
        return unknown(f"{what}: the item does not say what to look for.")
    missing = [name for name in wanted if name not in seen]
    if missing:
        return failed(f"{what} lacks {listed(missing)}.")
    return passed(f"{what} has {listed(wanted)}.")


def every(what: str, things: Iterable[T], judge: Callable[[T], Verdict]) -> Verdict:
    """``judge`` passes each of ``things``; nothing found is UNKNOWN. The sentences of the worst are kept."""
    verdicts = [judge(thing) for thing in things]
    if not verdicts:
        return unknown(f"No {what} was found, so nothing could be judged.")
    result = worst(verdicts)
    if result.status.keeps_gate_closed or len(verdicts) == 1:
        return result
    return passed(
        f"Every {what} is as wanted, {len(verdicts)} in all: {' '.join(each.summary for each in verdicts[:_MOST_NAMED])}",
        result.facts,
    )


def none(what: str, offenders: Collection[str], looked_at: int) -> Verdict:
    """No offender among ``looked_at`` things; having looked at nothing is UNKNOWN."""
    if offenders:
        return failed(f"{len(offenders)} {what}: {listed(offenders)}.")
    if not looked_at:
        return unknown(f"Nothing was there to look through for {what}.")
    return passed(f"No {what} among {looked_at}.")


def matches(what: str, seen: Mapping[str, Any], wanted: Mapping[str, Any]) -> Verdict:
    """``seen`` has each key of ``wanted`` with that very value. Wanting nothing is UNKNOWN."""
    return every(f"value of {what}", wanted.items(), lambda pair: equal(f"{what} {pair[0]}", seen.get(pair[0]), pair[1]))


def ran_well(command: Sequence[str], exit_status: int, output: str, last_line: str, prints: str = "") -> Verdict:
    """The command ended with 0, and printed ``prints``."""
    shown = f"`{' '.join(command)}`"
    if exit_status != 0:
        return failed(f"{shown} ended with {exit_status}: {last_line}")
    if prints and prints not in output:
        return failed(f"{shown} ended with 0 and did not print '{prints}': {last_line}")
    return passed(f"{shown} ended with 0: {last_line}")


def listed(names: Iterable[object]) -> str:
    """``a, b and 3 more`` — short enough for a line in a hold."""
    all_names = [str(name) for name in names]
    shown = ", ".join(all_names[:_MOST_NAMED])
    return shown if len(all_names) <= _MOST_NAMED else f"{shown} and {len(all_names) - _MOST_NAMED} more"


def span(hours: float) -> str:
    """A stretch of time as a sentence carries it: ``36 hours``, ``12.5 days``."""
    return f"{round(hours, 1):g} hours" if hours < 72 else f"{round(hours / 24, 1):g} days"


def show(value: Any, unit: str = "") -> str:
    """A value as a sentence carries it: ``'text'``, ``128 MB``, ``absent``."""
    if value is None:
        return "absent"
    text = f"'{value}'" if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
    return f"{text} {unit}" if unit else text
