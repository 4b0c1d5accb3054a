"""REQUEST authorizer: lets a connection in when its token is a good one."""

from __future__ import annotations

import os
import time
from typing import Any

from sessions import cloud
from sessions.tokens import Refused, verified


def issuer() -> str:
    return f"https://cognito-idp.{os.environ['REGION']}.amazonaws.com/{os.environ['USER_POOL_ID']}"


def claims_of(token: str) -> dict[str, Any]:
    keys = cloud.signing_keys(os.environ["USER_POOL_ID"])
    return verified(token, keys, issuer(), os.environ["CLIENT_ID"], time.time())


def policy(principal: str, effect: str, arn: str) -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": arn}
    return {
        "principalId": principal,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {"userId": principal},
    }


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    token = (event.get("queryStringParameters") or {}).get("token", "")
    try:
        claims = claims_of(token)
    except Refused as refusal:
        print(f"Refused: {refusal}")
        return policy("unknown", "Deny", event["methodArn"])
    return policy(claims["sub"], "Allow", event["methodArn"])
