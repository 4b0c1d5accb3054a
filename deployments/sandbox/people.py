"""The sandbox's approvers: demo identities with authenticator secrets made when the world is."""

from __future__ import annotations

import os
from pathlib import Path

import pyotp
from ruamel.yaml import YAML

PEOPLE = {
    "rita": ("Rita Costa", ("release_manager", "deployer")),
    "ana": ("Ana Silva", ("deployer",)),
    "ben": ("Ben Okafor", ("release_manager",)),
    "carla": ("Carla Moreau", ("qa",)),
    "dev": ("Dev Patel", ("security", "stakeholder")),
}


def write_approvers(path: Path) -> None:
    """Write the approvers, readable by their owner only, with fresh secrets; leave a file that is there."""
    if path.exists():
        return
    people = {
        key: {"name": name, "email": f"{key}@example.com", "roles": list(roles), "totp_secret": pyotp.random_base32()}
        for key, (name, roles) in PEOPLE.items()
    }
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        YAML().dump({"people": people}, file)
