"""Who may ask: a token is made out to somebody, for a time, and sealed with the platform's signing key."""

from __future__ import annotations

import hashlib
import hmac

_SCHEME = "Bearer "


def token(person: str, expires: int, key: str) -> str:
    """Make a token; ``expires`` is in seconds since 1970."""
    told = f"{person}.{expires}"
    return f"{told}.{_seal(told, key)}"


def bearer(header: str, key: str, now: int) -> str:
    """Who holds the token of an Authorization header; empty when it is not good."""
    if not key or not header.startswith(_SCHEME):
        return ""
    told, _, seal = header.removeprefix(_SCHEME).rpartition(".")
    person, _, expires = told.rpartition(".")
    good = hmac.compare_digest(seal, _seal(told, key)) and expires.isdigit() and int(expires) > now
    return person if good else ""


def _seal(told: str, key: str) -> str:
    return hmac.new(key.encode(), told.encode(), hashlib.sha256).hexdigest()
