"""What the services' manifest must say: ``manifests.py resources``, ``probes`` or ``shutdown``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

MANIFEST = Path(__file__).parents[1] / "kubernetes" / "service.yaml"
SECONDS = 30


def resources(pod: dict[str, Any]) -> list[str]:
    """What is missing of what containers ask for and are limited to."""
    return [
        f"{each['name']} has no {kind} for {what}"
        for each in pod["containers"]
        for kind in ("requests", "limits")
        for what in ("cpu", "memory")
        if not each.get("resources", {}).get(kind, {}).get(what)
    ]


def probes(pod: dict[str, Any]) -> list[str]:
    """Which questions containers cannot be asked."""
    wanted = ("livenessProbe", "readinessProbe")
    return [f"{each['name']} has no {probe}" for each in pod["containers"] for probe in wanted if not each.get(probe)]


def shutdown(pod: dict[str, Any]) -> list[str]:
    """What keeps pods from ending what they do."""
    short = [f"{SECONDS} s to end are not given"] if pod.get("terminationGracePeriodSeconds", 0) < SECONDS else []
    hasty = [each["name"] for each in pod["containers"] if not each.get("lifecycle", {}).get("preStop")]
    return short + [f"{name} has no preStop hook" for name in hasty]


WORDS = {
    "resources": (resources, "resources of every container are set"),
    "probes": (probes, "probes of every container are set"),
    "shutdown": (shutdown, "every pod shuts down gracefully"),
}


def main(word: str) -> int:
    """Say what is missing, or that nothing is."""
    look, well = WORDS[word]
    documents = [each for each in yaml.safe_load_all(MANIFEST.read_text()) if each and each["kind"] == "Deployment"]
    troubles = [trouble for each in documents for trouble in look(each["spec"]["template"]["spec"])]
    sys.stdout.write("\n".join(troubles or [well]) + "\n")
    return 1 if troubles or not documents else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
