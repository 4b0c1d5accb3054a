"""Binding single items: does it apply, what does it ask, and which calls with which arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checklists import conditions
from checklists.arguments import known, mistyped
from checklists.lines import Location
from checklists.loader import Loaded
from checklists.model import Approval
from checklists.places import Place
from checklists.plan import Ask, Blank, Call, Late, PlanItem
from checklists.suggestions import listed
from checklists.templates import named, render
from tasks.core.errors import DefinitionError


@dataclass
class Binding:
    """One binding under way: the environment, the values of templates, and the mistakes found so far."""

    loaded: Loaded
    environment: str
    values: Mapping[str, Any]
    mistakes: list[DefinitionError] = field(default_factory=list)

    def item(self, place: Place, children: tuple[str, ...]) -> PlanItem:
        """The item of the plan. One that does not apply keeps its words and the reason, and nothing that could run."""
        item = place.item
        skip, late = self._applies(place)
        calls = [] if skip else [self._call(*each) for each in place.calls()]
        return PlanItem(
            id=place.id,
            title=item.title,
            kind="item" if item.item else "step",
            line=item.line,
            section=place.section.title,
            depth=len(place.parents),
            trouble=place.trouble,
            skip=skip,
            when=" and ".join(f"({term})" for term in late) if len(late) > 1 else "".join(late),
            values={name: self.values[name] for term in late for name in sorted(conditions.names(term))},
            checks=tuple(call for kind, call in calls if kind == "check"),
            action=next((call for kind, call in calls if kind == "action"), None),
            ask=None if skip or item.approve is None else _ask(item.approve),
            capture={} if skip else dict(item.capture),
            children=() if skip else children,
        )

    def why_not(self, place: Place) -> str:
        """Why the item does not apply to this release; empty when it does, or may."""
        return self._applies(place)[0]

    def mistake(self, location: Location, sentence: str) -> None:
        """Note one more mistake at that place of the file."""
        self.mistakes.append(DefinitionError(sentence, self.loaded.where(location)))

    def _applies(self, place: Place) -> tuple[str, list[str]]:
        """Why it does not apply, or empty; and the terms that only outcomes can decide."""
        limit = next((each for each in place.environments if self.environment not in each), None)
        if limit is not None:
            return f"Applies to {listed(limit)} only; this release goes to {self.environment}.", []
        late: list[str] = []
        for location, when in place.conditions:
            for term in conditions.terms(when):
                if conditions.outcomes_named(term):
                    late.append(term)
                elif not self._true(location, term):
                    return conditions.unmet(term, self.values, self._choices), []
        return "", late

    @property
    def _choices(self) -> set[str]:
        return {name for name, each in self.loaded.checklist.parameters.items() if each.type == "choice"}

    def _true(self, location: Location, term: str) -> bool:
        try:
            return conditions.evaluate(term, self.values, {})
        except ValueError as error:
            self.mistake(location, str(error))
            return True

    def _call(self, location: Location, kind: str, name: str, arguments: Mapping[str, Any]) -> tuple[str, Call]:
        definition = known(name, "action" if kind == "action" else "check")
        ready: dict[str, Any] = {}
        late: dict[str, Late] = {}
        for argument, written in arguments.items():
            needs = named(written)
            if needs.captured:
                late[argument] = Late(template=written, values={each: self.values[each] for each in sorted(needs.values)})
                continue
            try:
                ready[argument] = render(written, self.values)
            except ValueError as error:
                self.mistake((*location, "with", argument), str(error))
        for argument, sentence in mistyped(definition, ready):
            self.mistake((*location, "with", argument), sentence)
        return kind, Call(id=definition.id, arguments=ready, late=late)


def _ask(approval: Approval) -> Ask:
    blanks = tuple(
        Blank(name=each.name, title=each.title, required=each.required, pattern=each.pattern) for each in approval.fields
    )
    return Ask(by=approval.by, blanks=blanks, review=approval.review, why=approval.why)
