"""The gateway's own pages, as seen by who runs the world: its faults, its counts, and the notices that came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class GatewayPages:
    """The pages of the gateway that listens on ``port``."""

    port: int

    def url(self, page: str) -> str:
        """Address of one page."""
        return f"http://127.0.0.1:{self.port}/__gateway/{page}"

    def faults(self) -> list[dict[str, Any]]:
        """Read the faults in force; see faults.py for their form."""
        found: list[dict[str, Any]] = httpx.get(self.url("faults")).raise_for_status().json()
        return found

    def set_faults(self, faults: list[dict[str, Any]]) -> None:
        """Replace the faults. httpx.HTTPStatusError when one is malformed."""
        httpx.put(self.url("faults"), json=faults).raise_for_status()

    def calls(self) -> dict[str, int]:
        """Count the calls since the last ``forget_calls``, by service.Operation."""
        found: dict[str, int] = httpx.get(self.url("calls")).raise_for_status().json()
        return found

    def forget_calls(self) -> None:
        """Start to count afresh."""
        httpx.delete(self.url("calls")).raise_for_status()

    def notices(self) -> list[str]:
        """What was posted to the webhook that stands in for Slack, oldest first."""
        found: list[str] = httpx.get(self.url("notices")).raise_for_status().json()
        return found


def answers(page: str) -> bool:
    """Whether a page can be read."""
    try:
        return httpx.get(page, timeout=2).is_success
    except httpx.TransportError:
        return False
