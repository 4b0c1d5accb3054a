"""Each task of the service, tried on something of its own."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from app import cache, generator, partners
from app.settings import Settings

TEST_TOPIC = "the self-test"


class SelfTestError(Exception):
    """The task was done and its result is wrong."""


def content(settings: Settings) -> str:
    """A text comes back, and it is about the topic; one that was kept would tell of an earlier version."""
    text = generator.written(TEST_TOPIC, settings)
    if TEST_TOPIC not in text:
        raise SelfTestError("the text is not about the topic")
    return f"{len(text)} characters"


def email(settings: Settings) -> str:
    """The platform takes a mail to the team."""
    message = {"to": "release-check@halcytone.com", "subject": "Self-test", "text": "Sent by the self-test."}
    answer = partners.ask(f"{settings.partners['platform']}/api/v1/mail", settings.keys["platform"], message)
    return f"mail {answer['id']} accepted"


def platform(settings: Settings) -> str:
    """The platform knows us."""
    return partners.ask(f"{settings.partners['platform']}/api/v1/account", settings.keys["platform"])["name"]


def crm(settings: Settings) -> str:
    """The CRM knows us."""
    return partners.ask(f"{settings.partners['crm']}/api/v1/account", settings.keys["crm"])["name"]


def caching(settings: Settings) -> str:
    """What is put into the cache comes out of it."""
    value = secrets.token_hex(8)
    cache.ask(settings.redis_url, "SET", f"self-test:{settings.environment}", value, "EX", "60")
    if cache.ask(settings.redis_url, "GET", f"self-test:{settings.environment}") != value:
        raise SelfTestError("the cache gives back something else")
    return "written and read"


def schedule(settings: Settings) -> str:
    """Something is due within a day."""
    if not 0 < settings.schedule_minutes <= 24 * 60:
        raise SelfTestError(f"nothing is due: the schedule says every {settings.schedule_minutes} minutes")
    return f"next in {settings.schedule_minutes} minutes at the latest"


SELF_TESTS: Mapping[str, Callable[[Settings], str]] = {
    "content": content,
    "email": email,
    "platform": platform,
    "crm": crm,
    "cache": caching,
    "schedule": schedule,
}
