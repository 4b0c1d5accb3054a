"""From a bound check to a verdict with its evidence; from a bound action to what it did. Knows nothing of Prefect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tasks.connect.session import Session
from tasks.core.errors import Absent, EvidenceError
from tasks.core.redaction import redact
from tasks.core.registry import Definition, Done, Settled
from tasks.core.sample import Sample, Trail
from tasks.core.verdicts import Status, Verdict, failed, unknown, worst


@dataclass(frozen=True)
class Judgement:
    """A verdict and the evidence behind it, both redacted."""

    verdict: Verdict
    evidence: list[dict[str, Any]] = field(default_factory=list)


def judge(definition: Definition, arguments: Mapping[str, Any], session: Session, sample: Sample) -> Judgement:
    """Run one check. What could not be learnt is UNKNOWN; what is not there is FAILED; a check never sees either error."""
    trail = Trail(sample)
    try:
        verdict: Verdict = definition.function(*_doors(definition, session, trail), **arguments)
    except EvidenceError as error:
        verdict = unknown(str(error))
    except Absent as error:
        verdict = failed(str(error))
    remedy = verdict.remedy or (definition.remedy if verdict.status.keeps_gate_closed else "")
    told = Verdict(verdict.status, redact(verdict.summary), redact(remedy), redact(verdict.facts))
    return Judgement(told, [reading.as_evidence() for reading in trail.readings])


def judge_all(checks: Sequence[tuple[Definition, Mapping[str, Any]]], session: Session, sample: Sample) -> Judgement:
    """Several checks of one item as one judgement: the worst verdict, all evidence."""
    judgements = [judge(definition, arguments, session, sample) for definition, arguments in checks]
    return Judgement(worst(each.verdict for each in judgements), [entry for each in judgements for entry in each.evidence])


def before(definition: Definition, arguments: Mapping[str, Any], session: Session) -> Mapping[str, Any]:
    """What the action's undoing will need, noted before the action begins."""
    if definition.before is None:
        return {}
    return definition.before(*_doors(definition, session, Trail(Sample())), **arguments)


def perform(definition: Definition, arguments: Mapping[str, Any], session: Session) -> Done:
    """Change the world. Raises ``ActionError`` or ``EvidenceError`` when that failed."""
    done: Done = definition.function(*_doors(definition, session, Trail(Sample())), **arguments)
    return Done(redact(done.summary), redact(done.facts))


def settle(definition: Definition, arguments: Mapping[str, Any], session: Session, noted: Mapping[str, Any]) -> Settled:
    """Whether an attempt that was cut off happened; what cannot be learnt is unknown."""
    if definition.settled is None:
        return "unknown"
    try:
        return definition.settled(*_doors(definition, session, Trail(Sample())), before=noted, **arguments)
    except (EvidenceError, Absent):
        return "unknown"


def undo(definition: Definition, arguments: Mapping[str, Any], session: Session, noted: Mapping[str, Any]) -> Verdict:
    """Restore what was there; a failure is a FAILED verdict, for a rollback tries every step."""
    if definition.undo is None:
        return failed(f"Cannot be undone: {definition.irreversible}", definition.remedy)
    return Verdict(
        Status.PASSED, redact(definition.undo(*_doors(definition, session, Trail(Sample())), before=noted, **arguments))
    )


def _doors(definition: Definition, session: Session, trail: Trail) -> list[Any]:
    return [door.open(session, trail) for door in definition.doors]
