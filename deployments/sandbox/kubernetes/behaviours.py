"""What the containers of the stand-in cluster do, for none of them really runs.

    [{"image": "*:2.1.0-hangs", "does": "hang"}, {"pod": "halcytone/content-*", "does": "crash"}, {"image": "*", "seconds": 3}]

``image`` and ``pod`` (``namespace/name``) are globs; the first rule that fits decides. ``does`` is ``run`` (ready after
``seconds``), ``hang`` (runs and never gets ready), ``crash`` (ends again and again) or ``pull`` (its image cannot be had).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

Deed = Literal["run", "hang", "crash", "pull"]


@dataclass(frozen=True)
class Behaviour:
    """One rule, and the rule for everything when its globs are left out."""

    image: str = "*"
    pod: str = "*"
    does: Deed = "run"
    seconds: float = 1.0

    def fits(self, pod: dict[str, Any]) -> bool:
        """Whether the rule is for this pod."""
        name = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
        images = [each.get("image", "") for each in pod["spec"].get("containers", [])]
        return fnmatchcase(name, self.pod) and any(fnmatchcase(image, self.image) for image in images)


def read(text: str) -> list[Behaviour]:
    """Parse a JSON list of rules; ValueError or TypeError when it is not one."""
    rules = [Behaviour(**entry) for entry in json.loads(text)]
    unheard = [each.does for each in rules if each.does not in get_args(Deed)]
    if unheard:
        raise ValueError(f"no container can do {unheard}; it can {get_args(Deed)}")
    return rules


def of(pod: dict[str, Any], rules: list[Behaviour]) -> Behaviour:
    """What this pod's containers do."""
    return next((each for each in rules if each.fits(pod)), Behaviour())


def as_json(rules: list[Behaviour]) -> list[dict[str, Any]]:
    """Rules as JSON objects, the form that ``read`` takes."""
    return [asdict(each) for each in rules]
