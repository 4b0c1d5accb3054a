"""Finding the Prefect server before Prefect is imported, which takes seconds and would start one of its own."""

from __future__ import annotations

import os
import sys

from deployments.home import Home, adopt
from tasks.core.errors import GatesError


class NoServer(GatesError):
    """No Prefect server answers."""


def require_server() -> str:
    """The API of the server this command works with: ``PREFECT_API_URL``, that of ``gates up``, or that of Prefect's profile.

    Raises ``NoServer`` when none answers.
    """
    adopt(Home.of_environment())
    api = os.environ.get("PREFECT_API_URL", "") or _of_profile()
    if not api:
        raise NoServer("No Prefect server is running here; start one with `gates up`, or set PREFECT_API_URL.")
    if not answers(api):
        raise NoServer(f"No Prefect server answers at {api}; start one with `gates up`, or set PREFECT_API_URL.")
    if "prefect.cloud" not in api:
        os.environ.setdefault("PREFECT_UI_URL", f"{api.rstrip('/').removesuffix('/api')}/v2")
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
    heed_environment()
    return api


def heed_environment() -> None:
    """Have Prefect read the environment again: it did so when it was imported, and would go on with what it found then."""
    if "prefect" in sys.modules:
        from prefect.context import refresh_global_settings_context

        refresh_global_settings_context()


def answers(api: str) -> bool:
    """Whether something speaks HTTP there: a server may ask for credentials first."""
    import httpx

    try:
        httpx.get(f"{api.rstrip('/')}/health", timeout=10)
    except (httpx.TransportError, httpx.InvalidURL):
        return False
    return True


def _of_profile() -> str:
    from prefect.settings import PREFECT_API_URL

    return PREFECT_API_URL.value() or ""
