"""Who a Cognito token speaks for, or why it is not believed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

# DER of the SHA-256 DigestInfo that PKCS #1 v1.5 puts before the digest (RFC 8017, section 9.2).
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")


class Refused(Exception):
    """The token is not believed; the message says why."""


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def number(part: str) -> int:
    return int.from_bytes(decoded(part), "big")


def signed_by(key: Mapping[str, str], message: bytes, signature: bytes) -> bool:
    modulus, exponent = number(key["n"]), number(key["e"])
    size = (modulus.bit_length() + 7) // 8
    if len(signature) != size:
        return False
    found = pow(int.from_bytes(signature, "big"), exponent, modulus).to_bytes(size, "big")
    digest = SHA256_PREFIX + hashlib.sha256(message).digest()
    padding = b"\xff" * (size - len(digest) - 3)
    return hmac.compare_digest(found, b"\x00\x01" + padding + b"\x00" + digest)


def verified(token: str, keys: Mapping[str, Mapping[str, str]], issuer: str, client: str, now: float) -> dict[str, Any]:
    """Return the claims of a token that ``issuer`` signed for ``client`` and that still holds at ``now``."""
    try:
        head, body, signature = token.split(".")
        header, claims = json.loads(decoded(head)), json.loads(decoded(body))
        proof = decoded(signature)
    except ValueError:
        raise Refused("The token is not a JWT.")
    key = keys.get(header.get("kid", ""))
    if header.get("alg") != "RS256" or key is None:
        raise Refused("The token is not signed with a key of the user pool.")
    if not signed_by(key, f"{head}.{body}".encode(), proof):
        raise Refused("The signature of the token is wrong.")
    if claims.get("iss") != issuer:
        raise Refused("The token comes from another user pool.")
    if client not in (claims.get("aud"), claims.get("client_id")):
        raise Refused("The token was issued to another client.")
    if not claims.get("exp", 0) > now:
        raise Refused("The token has expired.")
    return claims
