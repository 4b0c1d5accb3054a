"""Damages that the checks after a deploy can see: the next deploy carries them, and taking it back heals them."""

from __future__ import annotations

from deployments.sandbox.compose.part import engine
from deployments.sandbox.damage import Damage, Edit

from .damage import behaving, built, manifest
from .naming import DEPLOYMENT, VERSION

_CONFIG = "deployment/kubernetes/config.yaml"

AFTER = (
    behaving(
        "image-crashes",
        "The next version's containers end as soon as they start.",
        {"image": f"*/{DEPLOYMENT}:{VERSION}", "pod": "halcytone/*", "does": "crash"},
    ),
    Damage(
        "image-unhealthy",
        "The next version's containers are never healthy under Docker Compose.",
        "after",
        lambda world: engine(world).behave(f"{DEPLOYMENT}:{VERSION}", "unhealthy"),
        lambda world: engine(world).behave(f"{DEPLOYMENT}:{VERSION}", None),
    ),
    manifest(
        "autoscaler-too-small",
        "The next deploy lets the autoscaler go down to one pod.",
        Edit("deployment/kubernetes/autoscaler.yaml", "minReplicas: 3", "minReplicas: 1"),
    ),
    manifest(
        "ingress-wrong-host",
        "The next deploy routes another host.",
        Edit("deployment/kubernetes/ingress.yaml", "- host: __DOMAIN__", "- host: www.__DOMAIN__"),
    ),
    manifest(
        "configuration-incomplete",
        "The next deploy leaves the size of the database pool out of the ConfigMap.",
        Edit(_CONFIG, 'SECONDS: "300"\n  DATABASE_POOL_SIZE: "10"\n', 'SECONDS: "300"\n'),
    ),
    manifest(
        "crm-address-wrong",
        "The next deploy sends the service to a CRM that is not there.",
        Edit(_CONFIG, "CRM_BASE_URL: https://crm.", "CRM_BASE_URL: https://crm-old."),
    ),
    manifest(
        "nothing-scheduled",
        "The next deploy schedules nothing.",
        Edit(_CONFIG, 'SCHEDULE_MINUTES: "15"', 'SCHEDULE_MINUTES: "0"'),
    ),
    manifest(
        "one-worker",
        "The next deploy leaves the service one worker instead of four: everybody waits.",
        Edit(_CONFIG, 'WORKERS: "4"', 'WORKERS: "1"'),
    ),
    manifest(
        "debug-logged",
        "The next deploy has the service log for debugging.",
        Edit(_CONFIG, "LOG_LEVEL: INFO", "LOG_LEVEL: DEBUG"),
    ),
    built(
        "content-broken",
        "The next version asks the model about nothing.",
        Edit("app/generator.py", 'f"Write about {topic}."', '"Write about something."'),
    ),
    built(
        "docs-broken",
        "The next version's documentation page is empty.",
        Edit("app/service.py", 'return Answer(200, {"openapi": "3.1.0", "info"', 'return Answer(200, {"info"'),
    ),
)
