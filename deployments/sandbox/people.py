"""The sandbox's approvers: demo identities with authenticator secrets made when the world is."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyotp
from ruamel.yaml import YAML

Person = tuple[str, tuple[str, ...]]
"""Name and roles."""

PEOPLE: Mapping[str, Person] = {
    "rita": ("Rita Costa", ("release_manager", "deployer")),
    "ana": ("Ana Silva", ("deployer",)),
    "ben": ("Ben Okafor", ("release_manager",)),
    "carla": ("Carla Moreau", ("qa",)),
    "dev": ("Dev Patel", ("security", "stakeholder")),
}


def together(groups: Iterable[Mapping[str, Person]]) -> dict[str, Person]:
    """The people of all groups by ID; whoever is in several has the roles of all."""
    found: dict[str, Person] = {}
    for group in groups:
        for key, (name, roles) in group.items():
            known = found.get(key, (name, ()))
            found[key] = (known[0], tuple(dict.fromkeys((*known[1], *roles))))
    return found


def write_approvers(path: Path, people: Mapping[str, Person]) -> None:
    """Write the approvers, readable by their owner only; who is there already keeps their secret."""
    yaml = YAML()
    known = yaml.load(path)["people"] if path.exists() else {}
    shown = {
        key: {
            "name": name,
            "email": f"{key}@example.com",
            "roles": list(roles),
            "totp_secret": str(known[key]["totp_secret"]) if key in known else pyotp.random_base32(),
        }
        for key, (name, roles) in people.items()
    }
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        yaml.dump({"people": shown}, file)
    fresh.replace(path)
