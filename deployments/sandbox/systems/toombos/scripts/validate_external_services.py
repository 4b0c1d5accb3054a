"""Ask every service of others, as the application would, and write down what they said."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from app.partners import PartnerError, ask

from scripts.surroundings import ROOT, secret, variables


def google_docs(environment: str) -> dict[str, Any]:
    """Sign in as the service account, and read the calendar document."""
    url = variables(environment)["GOOGLE_DOCS_BASE_URL"]
    account = json.loads(secret(environment, "google-service-account"))
    token = ask("https://oauth2.googleapis.com/token", account["private_key"], {"iss": account["client_email"]})
    document = ask(f"{url}/v1/documents/content-calendar", token["access_token"])
    return {"document_access": "granted", "document": document["title"]}


def plain(name: str, variable: str, path: str) -> Callable[[str], dict[str, Any]]:
    """A service that takes its key as it is."""
    return lambda environment: {
        "answer": sorted(ask(variables(environment)[variable] + path, secret(environment, f"{name}-api-key")))
    }


SERVICES: dict[str, Callable[[str], dict[str, Any]]] = {
    "crm": plain("crm", "CRM_BASE_URL", "/api/v1/account"),
    "platform": plain("platform", "PLATFORM_BASE_URL", "/api/v1/account"),
    "openai": plain("openai", "OPENAI_BASE_URL", "/models"),
    "notion": plain("notion", "NOTION_BASE_URL", "/users/me"),
    "google_docs": google_docs,
}


def asked(name: str, environment: str) -> dict[str, Any]:
    """What one service said."""
    try:
        return {"status": "ok", **SERVICES[name](environment)}
    except PartnerError as error:
        return {"status": "failed", "document_access": "refused", "seen": str(error)}


def main() -> int:
    """Write the report; 0 whatever it says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="all services; otherwise those that are named")
    parser.add_argument("--environment", default="production")
    parser.add_argument("services", nargs="*", choices=[[], *SERVICES], default=[])
    arguments = parser.parse_args()
    names = list(SERVICES) if arguments.all else arguments.services
    found: dict[str, Any] = {name: asked(name, arguments.environment) for name in names}
    path = ROOT / "reports" / f"external-services-{arguments.environment}.json"
    path.write_text(json.dumps({"finished": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", **found}, indent=2) + "\n")
    bad = [name for name, answer in found.items() if answer["status"] != "ok"]
    print(f"{len(found)} services asked, {', '.join(bad) or 'none'} failed; see {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
