from __future__ import annotations

import base64
import hashlib
import json
import unittest

from sessions.tokens import SHA256_PREFIX, Refused, verified

# A 1024-bit key made for these tests and used nowhere else.
MODULUS = int(
    "bf673e993fd18329bdbf89aa106289f0db2d02eb8bf25d9ce76a230fb01e20d513be4aa99518d558771db0ee4291dfba25de"
    "cb684d77bf7099ed2551e53da24aa4411acfa240c2791effd3c2060ca229e88dff7613e283b44d40020bb08cbdf14a44765b"
    "c56f3962923b39d0a577a595d48deb01ab39f35bc8ccb3545bbfcb97",
    16,
)
PRIVATE = int(
    "529048b27692fbcf4fa885cbb451ad4b16606e3809203d3d679da30e2b5c73b13659097fe96ed2e8dc49147f527bf65427ed"
    "d9345ee65ed045b5c439757786bf871b557ab8f94d619050e30e28918059fefa5a32e4002ceeb377d696235d5e52738b0856"
    "4b9615124f8a6df81a80da1bb118f9621103ff32ab9f3832834a00a1",
    16,
)
ISSUER = "https://issuer.example.com/pool"
NOW = 1_800_000_000


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def number(value: int) -> str:
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


KEYS = {"key-1": {"n": number(MODULUS), "e": number(65537)}}


def signed(message: bytes) -> bytes:
    digest = SHA256_PREFIX + hashlib.sha256(message).digest()
    padded = b"\x00\x01" + b"\xff" * (128 - len(digest) - 3) + b"\x00" + digest
    return pow(int.from_bytes(padded, "big"), PRIVATE, MODULUS).to_bytes(128, "big")


def token(header: dict[str, str] | None = None, **changed: object) -> str:
    claims = {"iss": ISSUER, "aud": "client", "exp": NOW + 60, "sub": "someone", **changed}
    head = encoded(json.dumps({"alg": "RS256", "kid": "key-1", **(header or {})}).encode())
    body = encoded(json.dumps(claims).encode())
    return f"{head}.{body}.{encoded(signed(f'{head}.{body}'.encode()))}"


def other_body(original: str) -> str:
    head, _, signature = original.split(".")
    claims = {"iss": ISSUER, "aud": "client", "exp": NOW + 60, "sub": "an intruder"}
    return f"{head}.{encoded(json.dumps(claims).encode())}.{signature}"


class Tokens(unittest.TestCase):
    def test_a_good_token_names_its_bearer(self) -> None:
        self.assertEqual("someone", verified(token(), KEYS, ISSUER, "client", NOW)["sub"])

    def test_an_access_token_names_its_client_elsewhere(self) -> None:
        access = token(aud=None, client_id="client")
        self.assertEqual("someone", verified(access, KEYS, ISSUER, "client", NOW)["sub"])

    def test_what_is_refused(self) -> None:
        bad = {
            "not a JWT": "nonsense",
            "expired": token(exp=NOW),
            "another client": token(aud="other"),
            "another pool": token(iss="https://issuer.example.com/other"),
            "unsigned": token(header={"alg": "none"}),
            "an unknown key": token(header={"kid": "key-2"}),
            "changed after signing": other_body(token()),
        }
        for reason, presented in bad.items():
            with self.subTest(reason), self.assertRaises(Refused):
                verified(presented, KEYS, ISSUER, "client", NOW)


if __name__ == "__main__":
    unittest.main()
