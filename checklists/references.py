"""What templates and conditions name: values that have no value somewhere, facts and outcomes that come later or never."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from checklists import conditions, templates
from checklists.lines import Location
from checklists.model import Checklist
from checklists.places import Place, common_values
from checklists.suggestions import listed, meant

Mistake = tuple[Location, str]


def mistakes(checklist: Checklist, every: list[Place]) -> Iterator[Mistake]:
    """Every name that leads nowhere, and every condition or template that is none."""
    yield from _of_names(checklist, every)
    yield from _of_order(every)


def _of_names(checklist: Checklist, every: list[Place]) -> Iterator[Mistake]:
    """Names in templates and conditions that are known in no environment, or not in all where the item applies."""
    seen: set[tuple[Location, str]] = set()
    for place in every:
        for location, name, spoken in _used(place):
            lacking = [
                each
                for each, environment in checklist.environments.items()
                if place.applies_to(each) and name not in common_values(checklist, environment)
            ]
            if lacking and (location, name) not in seen:
                seen.add((location, name))
                yield location, _unknown_name(checklist, name, spoken, lacking)


def _unknown_name(checklist: Checklist, name: str, spoken: str, lacking: list[str]) -> str:
    known_somewhere = set[str]().union(*(common_values(checklist, each) for each in checklist.environments.values()))
    if name in known_somewhere:
        return f"The {spoken} names '{name}', which has no value in {listed(lacking)}; add it to `values:` there."
    return f"The {spoken} names '{name}', which is neither a parameter nor a value{meant(name, known_somewhere)}"


def _used(place: Place) -> Iterator[tuple[Location, str, str]]:
    for location, when in place.conditions:
        yield from ((location, name, "condition") for name in sorted(_quietly(conditions.names, when)))
    for location, _, _, arguments in place.calls():
        for argument, value in arguments.items():
            names = _quietly(lambda each: templates.named(each).values, value)
            yield from (((*location, "with", argument), name, "template") for name in sorted(names))


def _of_order(every: list[Place]) -> Iterator[Mistake]:
    """Bad syntax, and facts or outcomes of items that come later or never."""
    captured: dict[str, int] = {}
    for number, place in enumerate(every):
        for name in place.item.capture:
            captured.setdefault(name, number)
    numbers = {place.id: number for number, place in reversed(list(enumerate(every)))}
    for number, place in enumerate(every):
        yield from _of_conditions(place, number, numbers)
        for location, _, _, arguments in place.calls():
            for argument, value in arguments.items():
                yield from _of_a_template((*location, "with", argument), value, number, captured)


def _of_conditions(place: Place, number: int, numbers: dict[str, int]) -> Iterator[Mistake]:
    own: list[tuple[Location, str]] = [((*place.location, "when"), place.item.when)] if place.item.when else []
    first_of_section = place.location == (*place.section_location, "items", 0)
    if place.section.when and first_of_section:
        own.append(((*place.section_location, "when"), place.section.when))
    for location, when in own:
        try:
            wanted = sorted(conditions.outcomes_named(when))
        except ValueError as error:
            yield location, str(error)
            continue
        for item in wanted:
            if item not in numbers:
                yield location, f"The condition names the item '{item}', which does not exist{meant(item, numbers)}"
            elif numbers[item] >= number:
                yield location, f"The condition asks for the outcome of '{item}', which is decided only later."


def _of_a_template(location: Location, value: object, number: int, captured: dict[str, int]) -> Iterator[Mistake]:
    try:
        wanted = sorted(templates.named(value).captured)
    except ValueError as error:
        yield location, str(error)
        return
    for name in wanted:
        if name not in captured:
            yield location, f"No item captures '{name}'{meant(name, captured)}"
        elif captured[name] >= number:
            yield location, f"'{name}' is captured only by a later item; move that item up, or this one down."


def _quietly(names: Callable[[Any], Iterable[str]], written: Any) -> Iterable[str]:
    try:
        return names(written)
    except ValueError:  # a syntax mistake, told by `_of_order`
        return ()
