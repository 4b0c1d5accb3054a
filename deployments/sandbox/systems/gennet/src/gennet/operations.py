"""The operations of the API: which service answers them, who may ask, and what an answer looks like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PREFIX = "/api/v1"
SERVICES = ("gateway", "auth", "networks", "inference")


@dataclass(frozen=True)
class Operation:
    """One thing that clients may ask; ``example`` is an answer."""

    path: str
    service: str
    summary: str
    example: Mapping[str, Any] = field(default_factory=dict)
    public: bool = False

    @property
    def address(self) -> str:
        """The whole path."""
        return f"{PREFIX}{self.path}"


OPERATIONS = (
    Operation("/health", "gateway", "Whether the platform answers", {"status": "ok", "environment": "production"}, public=True),
    Operation("/version", "gateway", "Which version answers", {"version": "1.0.0"}, public=True),
    *(
        Operation(
            f"/{service}/health", service, f"Whether {service} answers", {"status": "ok", "service": service}, public=True
        )
        for service in SERVICES[1:]
    ),
    Operation("/networks", "networks", "The networks of whoever asks", {"networks": ["yeast-cycle"]}),
    Operation("/inference/jobs", "inference", "Jobs that infer networks", {"jobs": [{"id": "1", "state": "done"}]}),
)


def named(address: str) -> Operation | None:
    """The operation at a path; None when there is none."""
    return next((each for each in OPERATIONS if each.address == address), None)
