"""A Cognito user who can sign in, for the tests of what signs in."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

NAMES = {"pool": "users", "client": "web", "username": "ana", "secret": "ana-password"}


def token(**claims: Any) -> str:
    """A JSON web token whose signature nobody checks."""
    told = {"iss": "https://cognito-idp.us-east-1.amazonaws.com/pool-1", "aud": "client-1", "exp": time.time() + 3600} | claims
    head, body = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "RS256"}, told))
    return f"{head}.{body}.c2lnbmF0dXJl"


def world(id_token: str = "", **changes: Any) -> dict[str, Any]:
    """Everything that a sign-in asks of AWS; ``changes`` are by operation. Tokens are issued when they are asked for."""

    def signed_in(**_asked: Any) -> dict[str, Any]:
        issued = {"IdToken": id_token or token(), "AccessToken": token(token_use="access"), "ExpiresIn": 3600}
        return {"AuthenticationResult": issued}

    cognito = {
        "list_user_pools": {"UserPools": [{"Id": "pool-0", "Name": "others"}, {"Id": "pool-1", "Name": "users"}]},
        "list_user_pool_clients": {"UserPoolClients": [{"ClientId": "client-1", "ClientName": "web"}]},
        "describe_user_pool_client": {"UserPoolClient": {"ClientId": "client-1"}},
        "admin_initiate_auth": signed_in,
    }
    answers = {f"cognito-idp.{operation}": answer for operation, answer in (cognito | changes).items()}
    return {"secretsmanager.get_secret_value": {"SecretString": "correct horse"}} | answers
