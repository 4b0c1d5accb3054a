"""The services of others that the content generator lives by."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

PATIENCE_SECONDS = 5.0


class PartnerError(Exception):
    """A service refused us or was not there; the message says which."""


def ask(url: str, key: str, content: Any = None) -> Any:
    """The answer of a service, as JSON; with ``content`` it is posted. PartnerError without one."""
    body = None if content is None else json.dumps(content).encode()
    request = urllib.request.Request(url, body, {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        raise PartnerError(f"{url} answered {error.code}") from error
    except (OSError, ValueError) as error:
        raise PartnerError(f"{url} was not reached: {error}") from error
