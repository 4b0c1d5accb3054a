"""A release told as it goes: from entries of its record to lines for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from checklists.plan import Plan, PlanItem
from checklists.report import mark, reading
from checklists.standing import SIGNING
from deployments.terminal import Line
from tasks.core.verdicts import Status
from tasks.record import Entry

_Teller = Callable[[str, Mapping[str, Any]], Iterator[Line]]


@dataclass
class Progress:
    """Tells every verdict once: what a later sample merely confirms is not said again. ``page`` gives a run's address."""

    plan: Plan
    page: Callable[[str], str] = str
    _items: dict[str, PlanItem] = field(init=False)
    _phase_of: dict[str, str] = field(init=False)
    _phase: str = field(init=False, default="")
    _section: str = field(init=False, default="")
    _seen: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._items = {item.id: item for item in self.plan.items()}
        self._phase_of = {item.id: each.title for each in self.plan.phases for gate in each.gates for item in gate.all()}
        self._phase_of |= {item.id: block.title for block in self.plan.post_deployment for item in block.gate.all()}

    def told(self, release: str, entry: Entry) -> Iterator[Line]:
        """The lines that an entry is worth: each of the methods below is named after the type of entry that it tells."""
        tell: _Teller | None = getattr(self, f"_{entry.type.replace(' ', '_')}", None)
        if tell:
            yield from tell(release, entry.body)

    def _planned(self, release: str, _body: Mapping[str, Any]) -> Iterator[Line]:
        yield Line(f"{self.plan.title} {self.plan.version} → {self.plan.environment}  ({release})", "bold")

    def _sampled(self, _release: str, body: Mapping[str, Any]) -> Iterator[Line]:
        for item in self._items.values():
            verdict = body["verdicts"].get(item.id)
            if verdict and not _awaits(verdict) and self._seen.get(item.id) != verdict["status"]:
                self._seen[item.id] = verdict["status"]
                yield from self._in_section(item)
                yield _verdict(item, verdict)
        if not body["open"]:
            yield Line("The gate stays closed.", "yellow")

    def _intended(self, _release: str, body: Mapping[str, Any]) -> Iterator[Line]:
        item = self._items[body["item"]]
        yield from self._in_section(item)
        yield Line(f"  ▶ {item.title}", "cyan")

    def _performed(self, _release: str, body: Mapping[str, Any]) -> Iterator[Line]:
        yield self._acted("✅", "", body)

    def _action_failed(self, _release: str, body: Mapping[str, Any]) -> Iterator[Line]:
        yield self._acted("❌", "red", body)

    def _not_done(self, _release: str, body: Mapping[str, Any]) -> Iterator[Line]:
        yield self._acted("❔", "yellow", body)

    def _undone(self, _release: str, body: Mapping[str, Any]) -> Iterator[Line]:
        yield self._acted("↩️", "green", body)

    def _undo_failed(self, _release: str, body: Mapping[str, Any]) -> Iterator[Line]:
        yield self._acted("❌", "bold red", body)

    def _held(self, release: str, body: Mapping[str, Any]) -> Iterator[Line]:
        asked = {item.ask.by for item in map(self._items.__getitem__, body["items"]) if item.ask}
        roles = asked if SIGNING & set(body["decisions"]) else set(body["decisions"].values())
        who = ", ".join(sorted(roles - {""})) or "anybody in the registry"
        yield Line(f"⏸ {body['title']}: waiting for {who}", "bold yellow")
        for name in body["items"]:
            yield Line(f"    ✍️ {self._items[name].title}", "yellow")
        yield Line(f"    {self.page(body['flow_run'])}  (menu → Resume), or: gates sign {release} --as <you>", "yellow")

    def _signed(self, _release: str, body: Mapping[str, Any]) -> Iterator[Line]:
        what = f"{len(body['items'])} item(s)" if body["items"] else ""
        comment = f": {body['comment']}" if body["comment"] else ""
        yield Line(f"  ✍️ {body['name']} ({body['role']}) says {body['decision']} {what}{comment}", "green")

    def _refused(self, _release: str, body: Mapping[str, Any]) -> Iterator[Line]:
        yield Line(f"  ⛔ An answer does not count: {body['reason']}", "red")

    def _rollback_begun(self, _release: str, body: Mapping[str, Any]) -> Iterator[Line]:
        yield Line(f"Rollback: {body['reason']}", "bold red")

    def _rollback_ended(self, _release: str, body: Mapping[str, Any]) -> Iterator[Line]:
        yield Line(f"  {body['summary']}", "green" if body["complete"] else "bold red")

    def _scheduled(self, _release: str, body: Mapping[str, Any]) -> Iterator[Line]:
        yield Line(f"  🗓 {body['title']}: {body['at'][:16].replace('T', ' ')} UTC", "dim")

    def _expired(self, _release: str, body: Mapping[str, Any]) -> Iterator[Line]:
        yield Line(f"Nobody decided in time: {body['title']}", "red")

    def _ended(self, _release: str, body: Mapping[str, Any]) -> Iterator[Line]:
        good = body["state"] in ("Released", "Passed")
        yield Line(f"{body['state']}. {body['summary']}", "bold green" if good else "bold red")

    def _in_section(self, item: PlanItem) -> Iterator[Line]:
        """The headings above an item, where they are not those of the line before."""
        phase = self._phase_of.get(item.id, "Rollback")
        if phase != self._phase:
            self._phase, self._section = phase, ""
            yield from (Line(""), Line(phase, "bold underline"))
        if item.section != self._section:
            self._section = item.section
            yield Line(f" {item.section}", "bold")

    def _acted(self, mark: str, style: str, body: Mapping[str, Any]) -> Line:
        return Line(f"  {mark} {self._title(body)} — {body.get('summary', '')}", style)

    def _title(self, body: Mapping[str, Any]) -> str:
        return self._items[body["item"]].title if body["item"] in self._items else str(body["item"])


def _verdict(item: PlanItem, verdict: Mapping[str, Any]) -> Line:
    status = str(verdict["status"])
    styles = {Status.PASSED.value: "", Status.SKIPPED.value: "dim", Status.FAILED.value: "red"}
    remedy = f"  → {verdict['remedy']}" if verdict.get("remedy") and status in ("FAILED", "UNKNOWN") else ""
    told = f"{mark(item, status)} {item.title}{reading(item, status)} — {verdict['summary']}{remedy}"
    return Line(f"  {'  ' * item.depth}{told}", styles.get(status, "yellow"))


def _awaits(verdict: Mapping[str, Any]) -> bool:
    return "awaiting" in verdict.get("facts", {})


def story(entry: Entry) -> str:
    """One entry in one line, without the plan."""
    body = entry.body
    if entry.type == "planned":
        plan = body["plan"]
        return f"{plan['title']} {plan['version']} → {plan['environment']}, requested by {plan['requested_by']}"
    if entry.type == "sampled":
        counts = Counter(verdict["status"].lower() for verdict in body["verdicts"].values())
        told = ", ".join(f"{count} {status}" for status, count in counts.items())
        return f"gate {body['place']}: {told or 'nothing to check'}; {'open' if body['open'] else 'closed'}"
    subject = body.get("item") or body.get("title") or body.get("hold") or body.get("state") or body.get("release") or ""
    details = body.get("summary") or body.get("reason") or body.get("comment") or body.get("decision") or ""
    return " — ".join(str(part) for part in (subject, details) if part)
