"""What the stand-in cluster holds: objects, their versions, and who watches them."""

from __future__ import annotations

import asyncio
import copy
import json
import time
import uuid
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .kinds import BUILT_IN, BY_ID, Kind, defined

Object = dict[str, Any]
_REMEMBERED_EVENTS = 5000


@dataclass(frozen=True)
class Happening:
    """One change, as watchers are told of it: ADDED, MODIFIED or DELETED."""

    version: int
    type: str
    kind: str
    thing: Object


@dataclass
class Store:
    """Every object by kind, namespace and name. Used from one event loop only."""

    objects: dict[str, dict[tuple[str, str], Object]] = field(default_factory=dict)
    applied: dict[str, dict[str, Object]] = field(default_factory=dict)  # uid -> field manager -> what it applied last
    born: dict[str, float] = field(default_factory=dict)  # uid -> seconds since the epoch, finer than creationTimestamp
    version: int = 100
    past: deque[Happening] = field(default_factory=lambda: deque(maxlen=_REMEMBERED_EVENTS))
    watchers: set[asyncio.Queue[Happening]] = field(default_factory=set)

    def kinds(self) -> list[Kind]:
        """The built-in kinds and those that were defined since."""
        return [*BUILT_IN, *(defined(each) for each in self.all("customresourcedefinitions.apiextensions.k8s.io"))]

    def all(self, kind: str, namespace: str = "") -> list[Object]:
        """The objects of a kind, in one namespace or in all, by name. Not to be changed."""
        found = self.objects.get(kind, {})
        return [found[key] for key in sorted(found) if namespace in ("", key[0])]

    def get(self, kind: str, namespace: str, name: str) -> Object | None:
        """One object, not to be changed; None when there is none."""
        return self.objects.get(kind, {}).get((namespace, name))

    def owned(self, kind: str, owner: Object) -> list[Object]:
        """The objects of a kind whose controller is ``owner``, oldest first."""
        uid = owner["metadata"]["uid"]
        found = [
            each
            for each in self.all(kind, owner["metadata"].get("namespace", ""))
            if any(one["uid"] == uid for one in each["metadata"].get("ownerReferences", []))
        ]
        return sorted(found, key=lambda each: (self.born[each["metadata"]["uid"]], each["metadata"]["name"]))

    def add(self, kind: Kind, thing: Object) -> Object:
        """Keep a new object, with the metadata that every object has."""
        thing = copy.deepcopy(thing)
        meta = thing.setdefault("metadata", {})
        meta.setdefault("uid", str(uuid.uuid4()))
        meta.setdefault("creationTimestamp", stamp())
        meta.setdefault("generation", 1)
        thing = {"apiVersion": kind.api_version(), "kind": kind.name, **thing}
        self.born[meta["uid"]] = time.time()
        self.objects.setdefault(kind.id, {})[key(thing)] = thing
        self._tell("ADDED", kind.id, thing)
        return thing

    def change(self, kind: str, thing: Object) -> Object:
        """Put ``thing`` where the object of its name is; nothing happens when it is the same."""
        before = self.objects[kind][key(thing)]
        if _content(before) == _content(thing):
            return before
        thing = copy.deepcopy(thing)
        if before.get("spec") != thing.get("spec"):
            thing["metadata"]["generation"] = before["metadata"].get("generation", 1) + 1
        self.objects[kind][key(thing)] = thing
        self._tell("MODIFIED", kind, thing)
        return thing

    def set_status(self, kind: str, thing: Object, **status: Any) -> None:
        """Change fields of the object's status; None takes a field away."""
        fresh = copy.deepcopy(thing)
        merged = {**fresh.get("status", {}), **status}
        fresh["status"] = {name: value for name, value in merged.items() if value is not None}
        self.change(kind, fresh)

    def remove(self, kind: str, thing: Object, *, orphan: bool = False) -> None:
        """Take the object away, and what it owns or, of a namespace, what is in it."""
        found = self.objects.get(kind, {}).pop(key(thing), None)
        if found is None:
            return
        uid = found["metadata"]["uid"]
        self.applied.pop(uid, None)
        self._tell("DELETED", kind, copy.deepcopy(found))
        for other, each in list(self._everything()):
            inside = kind == "namespaces" and each["metadata"].get("namespace") == found["metadata"]["name"]
            owned = any(one["uid"] == uid for one in each["metadata"].get("ownerReferences", []))
            if inside or (owned and not orphan):
                self.remove(other, each)

    def save(self, path: Path) -> None:
        """Write everything to a JSON file, whole or not at all."""
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({"objects": [each for _, each in self._everything()], "applied": self.applied}))
        fresh.replace(path)

    def load(self, path: Path) -> None:
        """Take in what ``save`` wrote."""
        saved = json.loads(path.read_text())
        self.applied = saved["applied"]
        # Definitions first: the objects of their kinds come after them.
        for thing in sorted(saved["objects"], key=lambda each: each["kind"] != "CustomResourceDefinition"):
            self.put(thing)

    def put(self, thing: Object) -> Object:
        """Keep an object exactly as it is said, in place of the one of its name. KeyError for a kind nobody defined."""
        kind = next(each for each in self.kinds() if each.name == thing["kind"] and _group(thing) == each.group)
        self.objects.get(kind.id, {}).pop(key(thing), None)
        kept = self.add(kind, thing)
        self.born[kept["metadata"]["uid"]] = datetime.fromisoformat(kept["metadata"]["creationTimestamp"]).timestamp()
        return kept

    def clear(self) -> None:
        """Forget every object."""
        for kind, thing in list(self._everything()):
            self.objects[kind].pop(key(thing))
            self._tell("DELETED", kind, thing)
        self.applied.clear()

    def _everything(self) -> Iterator[tuple[str, Object]]:
        return ((kind, thing) for kind, things in self.objects.items() for thing in things.values())

    def _tell(self, type_: str, kind: str, thing: Object) -> None:
        self.version += 1
        thing["metadata"]["resourceVersion"] = str(self.version)
        happening = Happening(self.version, type_, kind, thing)
        self.past.append(happening)
        for queue in self.watchers:
            queue.put_nowait(happening)


def key(thing: Object) -> tuple[str, str]:
    """Namespace and name."""
    return thing["metadata"].get("namespace", ""), thing["metadata"]["name"]


def stamp(moment: float | None = None) -> str:
    """A moment, now unless given as seconds since the epoch, as the API writes it."""
    when = datetime.now(UTC) if moment is None else datetime.fromtimestamp(moment, UTC)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def kind_of(name: str) -> Kind:
    """A built-in kind by its id."""
    return BY_ID[name]


def _content(thing: Object) -> Object:
    volatile = ("resourceVersion", "managedFields", "generation")
    return {**thing, "metadata": {name: value for name, value in thing["metadata"].items() if name not in volatile}}


def _group(thing: Object) -> str:
    group, slash, _version = thing["apiVersion"].partition("/")
    return group if slash else ""
