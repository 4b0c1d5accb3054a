"""Door that signs a test user in to Cognito, and can do nothing else. Its tokens never reach evidence."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tasks.connect.aws_clients import Clients, call
from tasks.core.answers import Answer, answer
from tasks.core.errors import Absent, EvidenceError, Malformed
from tasks.core.redaction import redact
from tasks.core.sample import Trail

if TYPE_CHECKING:
    from tasks.connect.session import Session


@dataclass(frozen=True)
class Tokens:
    """What a sign-in brought: two JSON web tokens, the claims of the ID token, and what they must agree with."""

    id_token: str = field(repr=False)
    access_token: str = field(repr=False)
    claims: Answer = field(repr=False)
    pool_id: str
    client_id: str

    def __str__(self) -> str:
        return f"tokens of client {self.client_id} of pool {self.pool_id}"


class SignIn:
    """Signs in with the password that Secrets Manager keeps; once a sample for one user."""

    def __init__(self, clients: Clients, trail: Trail) -> None:
        self._clients = clients
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> SignIn:
        """The door on the session's clients."""
        return cls(session.clients, trail)

    @property
    def now(self) -> datetime:
        """The moment this sample of the world began."""
        return self._trail.sample.started

    def tokens(self, *, pool: str, client: str, username: str, secret: str) -> Tokens:
        """Tokens for ``username`` of the pool and app client with these names; ``secret`` names the password's secret.

        Raises ``Absent`` for a pool, client, user or secret that is not there, ``EvidenceError`` for a sign-in that ended
        otherwise than with tokens, ``Malformed`` for tokens that are none.
        """
        question = f"sign in {username} to client {client} of pool {pool} with the password in {secret}"
        tokens: Tokens = self._trail.read("sign_in", question, lambda: self._signed_in(pool, client, username, secret))
        return tokens

    def _signed_in(self, pool: str, client: str, username: str, secret: str) -> Tokens:
        pool_id = _named("user pool", pool, self._cognito("list_user_pools", MaxResults=60)["UserPools"])["Id"]
        clients = self._cognito("list_user_pool_clients", UserPoolId=pool_id, MaxResults=60)["UserPoolClients"]
        client_id = _named("app client", client, clients, "ClientName")["ClientId"]
        parameters = {"USERNAME": username, "PASSWORD": self._password(secret)}
        parameters |= self._client_proof(pool_id, client_id, username)
        result = self._cognito(
            "admin_initiate_auth",
            UserPoolId=pool_id,
            ClientId=client_id,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters=parameters,
        )
        if "AuthenticationResult" not in result:
            raise EvidenceError(f"Signing {username} in did not end with tokens: Cognito asks for {result['ChallengeName']}.")
        issued = result["AuthenticationResult"]
        for name in ("IdToken", "AccessToken", "RefreshToken"):
            redact.learn(str(issued.get(name, "")))
        return Tokens(issued["IdToken"], issued["AccessToken"], _claims(issued["IdToken"]), pool_id, client_id)

    def _password(self, secret: str) -> str:
        """The secret's text, or the field ``password`` of it where it is a JSON object."""
        manager = self._clients.client("secretsmanager")
        text = str(call(manager, "secretsmanager", "get_secret_value", {"SecretId": secret})["SecretString"])
        redact.learn(text)
        try:
            fields = json.loads(text)
        except ValueError:
            return text
        password = str(fields["password"]) if isinstance(fields, dict) and "password" in fields else text
        redact.learn(password)
        return password

    def _client_proof(self, pool_id: str, client_id: str, username: str) -> dict[str, str]:
        described = self._cognito("describe_user_pool_client", UserPoolId=pool_id, ClientId=client_id)["UserPoolClient"]
        secret = str(described.get("ClientSecret") or "")
        if not secret:
            return {}
        redact.learn(secret)
        digest = hmac.new(secret.encode(), (username + client_id).encode(), hashlib.sha256).digest()
        return {"SECRET_HASH": base64.b64encode(digest).decode()}

    def _cognito(self, operation: str, **parameters: Any) -> Answer:
        return call(self._clients.client("cognito-idp"), "cognito-idp", operation, parameters)


def _named(kind: str, name: str, found: list[Mapping[str, Any]], field_name: str = "Name") -> Mapping[str, Any]:
    same = [each for each in found if each[field_name] == name]
    if not same:
        raise Absent(f"Cognito has no {kind} named '{name}'.")
    if len(same) > 1:
        raise EvidenceError(f"Cognito has {len(same)} {kind}s named '{name}'; nobody can say which one is meant.")
    return same[0]


def _claims(token: str) -> Answer:
    parts = token.split(".")
    if len(parts) != 3 or not all(parts):
        raise Malformed(f"Cognito's ID token is no JSON web token: it has {len(parts)} parts, wanted 3.")
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError as error:
        raise Malformed("Cognito's ID token is no JSON web token: its claims cannot be read.") from error
    if not isinstance(claims, dict) or not isinstance(claims.get("exp", 0), (int, float)):
        raise Malformed("Cognito's ID token is no JSON web token: its claims are not what claims are.")
    return Answer(answer(claims))
