"""What a Terraform plan proposes and what a state holds, read from Terraform's own JSON without any value in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tasks.core.answers import Answer
from tasks.core.errors import Malformed

_ACTIONS = {
    ("create",): "add",
    ("update",): "change",
    ("delete",): "destroy",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
    ("forget",): "forget",
    ("create", "forget"): "replace",
}
_NOTHING = (("no-op",), ("read",))
_MOST_NAMED = 40
_SHOWN_DIGEST = 12

DESTROYS = ("destroy", "replace")
"""The actions after which a resource that was there is no more."""


@dataclass(frozen=True)
class Change:
    """One resource and what the plan does to it: add, change, destroy, replace, forget, import or move."""

    address: str
    action: str


@dataclass(frozen=True)
class StateVersion:
    """Which version of which state. A state that was never written has no lineage and serial 0."""

    lineage: str
    serial: int


@dataclass(frozen=True)
class Planned:
    """A saved plan as far as people and checks may see it.

    ``digest`` covers every value that the plan would write, and the state it was made for. ``looked_at`` counts the
    resources that Terraform compared. ``unset`` names required variables that have no value: then nothing was planned.
    """

    digest: str
    state: StateVersion
    changes: tuple[Change, ...] = ()
    drift: tuple[Change, ...] = ()
    outputs: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    looked_at: int = 0
    unset: tuple[str, ...] = ()

    @property
    def short_digest(self) -> str:
        """Enough of the digest for people to compare."""
        return self.digest[:_SHOWN_DIGEST]

    @property
    def empty(self) -> bool:
        """Whether applying it would change neither a resource nor an output."""
        return not self.changes and not self.outputs

    def as_json(self) -> dict[str, Any]:
        """The plan as evidence."""
        return {
            "digest": self.digest,
            "state": vars(self.state),
            "changes": {each.address: each.action for each in self.changes},
            "drift": {each.address: each.action for each in self.drift},
            "outputs": list(self.outputs),
            "variables": list(self.variables),
            "looked_at": self.looked_at,
            "unset": list(self.unset),
        }

    @staticmethod
    def from_json(shape: Mapping[str, Any]) -> Planned:
        """The plan that ``as_json`` wrote."""
        return Planned(
            shape["digest"],
            StateVersion(**shape["state"]),
            tuple(Change(*each) for each in shape["changes"].items()),
            tuple(Change(*each) for each in shape["drift"].items()),
            tuple(shape["outputs"]),
            tuple(shape["variables"]),
            shape["looked_at"],
            tuple(shape["unset"]),
        )


def planned(shown: Answer, prior: StateVersion) -> Planned:
    """A plan from ``terraform show -json`` and the version of the state it was made for. Raises ``Malformed``."""
    if shown.get("errored"):
        raise Malformed("The plan is incomplete: Terraform marked it as ended in an error.")
    resources = shown.get("resource_changes", [])
    outputs = shown.get("output_changes", {})
    settings = shown["configuration"].get("root_module", {}).get("variables", {})
    return Planned(
        digest=_digest(shown, prior),
        state=prior,
        changes=tuple(_changes(resources)),
        drift=tuple(_changes(shown.get("resource_drift", []))),
        outputs=tuple(name for name, each in outputs.items() if tuple(each["actions"]) not in _NOTHING),
        variables=tuple(settings),
        looked_at=sum(1 for each in resources if each.get("mode") == "managed"),
    )


def told(plan: Planned) -> str:
    """``1 to destroy (a), 2 to add (b, c)``: what is dangerous comes first, and every name is given while they are few."""
    groups = {action: [each.address for each in plan.changes if each.action == action] for action in _ORDER}
    parts = [f"{len(names)} to {action} ({_named(names)})" for action, names in groups.items() if names]
    parts += [f"{len(plan.outputs)} outputs to change ({_named(plan.outputs)})"] if plan.outputs else []
    return ", ".join(parts) or f"nothing to change among {plan.looked_at} resources"


def state_version(state: Mapping[str, Any]) -> StateVersion:
    """The version of a state file's content. Raises ``Malformed``."""
    try:
        return StateVersion(str(state["lineage"]), int(state["serial"]))
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(f"The state has no lineage and serial: {error}.") from error


def addresses(state: Answer) -> list[str]:
    """The managed resources that a state file's content names, without their indices."""
    managed = [each for each in state.get("resources", []) if each["mode"] == "managed"]
    return [f"{each['module']}.{_local(each)}" if each.get("module") else _local(each) for each in managed]


def of_module(names: Iterable[str], module: str) -> list[str]:
    """The addresses among ``names`` inside the module call ``module``, whatever its index."""
    starts = (f"module.{module}.", f"module.{module}[")
    return [name for name in names if name.startswith(starts)]


_ORDER = ("destroy", "replace", "forget", "change", "add", "import", "move")


def _local(resource: Answer) -> str:
    return f"{resource['type']}.{resource['name']}"


def _changes(resources: Iterable[Answer]) -> Iterable[Change]:
    for each in resources:
        actions = tuple(each["change"]["actions"])
        if actions in _NOTHING:
            if "importing" in each["change"]:
                yield Change(each["address"], "import")
            elif "previous_address" in each and actions == ("no-op",):
                yield Change(each["address"], "move")
        elif actions in _ACTIONS:
            yield Change(each["address"], _ACTIONS[actions])
        else:
            raise Malformed(
                f"The plan wants '{' and '.join(map(str, actions))}' for {each['address']}, which is not understood."
            )


def _digest(shown: Answer, prior: StateVersion) -> str:
    parts = ("terraform_version", "variables", "planned_values", "resource_changes", "output_changes", "configuration")
    content = {name: shown.get(name) for name in parts} | vars(prior)
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _named(names: Iterable[str]) -> str:
    every = list(names)
    rest = len(every) - _MOST_NAMED
    return ", ".join(every[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
