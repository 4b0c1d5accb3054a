"""The services of others, as far as the team talks to them: each answers whoever has the key that the world holds for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from .naming import SUFFIXES
from .surroundings import secret

STATE = "toombos-partners.json"
_LIMITS = {"x-ratelimit-limit-requests": "10000", "x-ratelimit-remaining-requests": "9200"}


@dataclass(frozen=True)
class Asked:
    """One request to a partner."""

    host: str
    path: str
    token: str
    body: bytes

    @property
    def json(self) -> Any:
        """The body; empty when there is none."""
        return json.loads(self.body or b"{}")


@dataclass(frozen=True)
class Said:
    """Its answer."""

    status: int
    body: Any
    headers: dict[str, str]


def said(world: Path, asked: Asked) -> Said:
    """What a partner answers; ``toombos-partners.json`` may say otherwise: ``{host: {"status": 503}}``."""
    told = state(world).get(asked.host, {})
    if "status" in told:
        return Said(int(told["status"]), {"error": "The service is not itself today."}, {})
    key = _KEYS.get(asked.host)
    if key and asked.token not in {secret(world, f"toombos/{suffix}/{key}") for suffix in SUFFIXES}:
        return Said(401, {"error": "authentication failed"}, {})
    page = _PAGES.get((asked.host, asked.path)) or _PAGES.get((asked.host, asked.path.partition("?")[0]))
    if page is None:
        return Said(404, {"error": f"There is nothing at {asked.path}."}, {})
    return Said(*page(world, asked), _LIMITS if asked.host == "api.openai.com" else {})


def state(world: Path) -> dict[str, Any]:
    """How the partners are; empty while they are well."""
    try:
        found: dict[str, Any] = json.loads((world / STATE).read_text())
    except FileNotFoundError:
        return {}
    return found


def _account(_world: Path, _asked: Asked) -> tuple[int, Any]:
    return 200, {"name": "Toombos", "plan": "business"}


def _mail(_world: Path, asked: Asked) -> tuple[int, Any]:
    return (202, {"id": f"m-{_short(asked.body)}"}) if asked.json.get("to") else (422, {"error": "No recipient."})


def _models(_world: Path, _asked: Asked) -> tuple[int, Any]:
    return 200, {"object": "list", "data": [{"id": "gpt-4o-mini", "object": "model"}]}


def _completion(_world: Path, asked: Asked) -> tuple[int, Any]:
    wanted = asked.json["messages"][-1]["content"].removeprefix("Write about ").removesuffix(".")
    text = f"Here is a text about {wanted}: it says what there is to say about it."
    return 200, {"choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]}


def _me(_world: Path, _asked: Asked) -> tuple[int, Any]:
    return 200, {"object": "user", "type": "bot", "name": "Toombos"}


def _database(_world: Path, _asked: Asked) -> tuple[int, Any]:
    return 200, {"object": "database", "id": "content-calendar", "title": [{"plain_text": "Content calendar"}]}


def _discovery(_world: Path, _asked: Asked) -> tuple[int, Any]:
    return 200, {"id": "docs:v1", "resources": {"documents": {"methods": {"get": {"path": "v1/documents/{documentId}"}}}}}


def _token(world: Path, asked: Asked) -> tuple[int, Any]:
    accounts = [json.loads(secret(world, f"toombos/{suffix}/google-service-account") or "{}") for suffix in SUFFIXES]
    if not any(each and asked.token == each["private_key"] for each in accounts):
        return 401, {"error": "invalid_grant"}
    return 200, {"access_token": _short(asked.token.encode()), "expires_in": 3600}


def _document(world: Path, asked: Asked) -> tuple[int, Any]:
    accounts = [json.loads(secret(world, f"toombos/{suffix}/google-service-account") or "{}") for suffix in SUFFIXES]
    known = {_short(each["private_key"].encode()) for each in accounts if each}
    if asked.token not in known or state(world).get("document_access") == "refused":
        return 403, {"error": "The caller does not have permission"}
    return 200, {"documentId": "content-calendar", "title": "Content calendar"}


def _issues(world: Path, _asked: Asked) -> tuple[int, Any]:
    return 200, state(world).get("critical_issues", [])


def _label(_world: Path, _asked: Asked) -> tuple[int, Any]:
    return 200, {"name": "critical", "color": "b60205"}


def _schedules(_world: Path, _asked: Asked) -> tuple[int, Any]:
    return 200, {"schedules": [{"id": "PTOOMB1", "name": "Toombos", "summary": "Toombos"}]}


def _status(world: Path, _asked: Asked) -> tuple[int, Any]:
    wanted = state(world).get("ci", "success")
    return 200, {"state": wanted, "total_count": 1, "statuses": [{"context": "build", "state": wanted}]}


def _runs(world: Path, _asked: Asked) -> tuple[int, Any]:
    wanted = state(world).get("ci", "success")
    return 200, {"total_count": 1, "check_runs": [{"name": "tests", "status": "completed", "conclusion": wanted}]}


def _on_calls(world: Path, _asked: Asked) -> tuple[int, Any]:
    now = datetime.now(UTC)
    person = {
        "user": {"summary": "Eve Lind"},
        "schedule": {"id": "PTOOMB1"},
        "escalation_level": 1,
        "start": f"{now - timedelta(hours=8):%Y-%m-%dT%H:%M:%SZ}",
        "end": f"{now + timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}",
    }
    return 200, {"oncalls": [] if state(world).get("nobody_on_call") else [person]}


def _maintenance(_world: Path, _asked: Asked) -> tuple[int, Any]:
    return 200, {"notice": "Toombos is down for maintenance and will be back soon."}


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


_KEYS = {
    "crm.halcytone.com": "crm-api-key",
    "platform.halcytone.com": "platform-api-key",
    "api.openai.com": "openai-api-key",
    "api.notion.com": "notion-api-key",
    "api.github.com": "github-token",
    "api.pagerduty.com": "pagerduty-token",
}
_PAGES: dict[tuple[str, str], Callable[[Path, Asked], tuple[int, Any]]] = {
    ("crm.halcytone.com", "/api/v1/account"): _account,
    ("platform.halcytone.com", "/api/v1/account"): _account,
    ("platform.halcytone.com", "/api/v1/mail"): _mail,
    ("api.openai.com", "/v1/models"): _models,
    ("api.openai.com", "/v1/chat/completions"): _completion,
    ("api.notion.com", "/v1/users/me"): _me,
    ("api.notion.com", "/v1/databases/content-calendar"): _database,
    ("docs.googleapis.com", "/$discovery/rest"): _discovery,
    ("docs.googleapis.com", "/v1/documents/content-calendar"): _document,
    ("oauth2.googleapis.com", "/token"): _token,
    ("api.github.com", "/repos/halcytone/toombos/issues"): _issues,
    ("api.github.com", "/repos/halcytone/toombos/labels/critical"): _label,
    ("api.github.com", "/repos/halcytone/toombos/commits/v1.1.0/status"): _status,
    ("api.github.com", "/repos/halcytone/toombos/commits/v1.1.0/check-runs"): _runs,
    ("api.pagerduty.com", "/schedules"): _schedules,
    ("api.pagerduty.com", "/oncalls"): _on_calls,
    ("maintenance.halcytone.com", "/"): _maintenance,
}
