"""Writing a text: from the cache, or by the model behind OpenAI's API."""

from __future__ import annotations

from app import cache, partners
from app.settings import Settings


def text_about(topic: str, settings: Settings) -> str:
    """A text about the topic. PartnerError when nobody can write one."""
    place = f"text:{settings.environment}:{topic}"
    known = cache.ask(settings.redis_url, "GET", place)
    if known is not None:
        return known
    text = written(topic, settings)
    cache.ask(settings.redis_url, "SET", place, text, "EX", str(settings.cache_ttl_seconds))
    return text


def written(topic: str, settings: Settings) -> str:
    """A text that the model writes now. PartnerError when it does not."""
    answer = partners.ask(
        f"{settings.partners['openai']}/chat/completions",
        settings.keys["openai"],
        {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": f"Write about {topic}."}]},
    )
    return answer["choices"][0]["message"]["content"]
