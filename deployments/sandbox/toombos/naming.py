"""What the team calls its things; the checklist names them too."""

from __future__ import annotations

from pathlib import Path

NAME = "toombos"
SUFFIXES = ("staging", "production")
PREVIOUS, VERSION = "1.0.0", "1.1.0"
DEPLOYMENT = "content-generator"
DOMAINS = {"staging": "api.staging.halcytone.com", "production": "api.halcytone.com"}
NAMESPACES = {"staging": "halcytone-staging", "production": "halcytone"}
PARTNERS = (
    "crm.halcytone.com",
    "platform.halcytone.com",
    "maintenance.halcytone.com",
    "api.openai.com",
    "api.notion.com",
    "docs.googleapis.com",
    "oauth2.googleapis.com",
    "api.github.com",
    "api.pagerduty.com",
)
OBSERVABILITY = ("prometheus", "alertmanager", "grafana", "jaeger", "elasticsearch")
GIVEN_OUT = ("crm-api-key", "platform-api-key", "openai-api-key", "notion-api-key", "github-token", "pagerduty-token")
OWN_KEYS = ("grafana-token", "logs-key")


def images(directory: Path) -> Path:
    """Where the world in ``directory`` keeps what is inside the container images, by version."""
    return directory / "toombos-images"
