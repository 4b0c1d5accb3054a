"""WebSocket services, used as their users would use them."""

from __future__ import annotations

from typing import Any

from tasks.connect.sign_in import SignIn
from tasks.connect.websocket import Conversations
from tasks.core.judges import every
from tasks.core.registry import check
from tasks.core.verdicts import Status, Verdict, unknown

_OUTCOMES = {"passed": Status.PASSED, "failed": Status.FAILED, "unknown": Status.UNKNOWN}


@check(
    permissions=("cognito-idp:AdminInitiateAuth", "secretsmanager:GetSecretValue"),
    remedy="npx wscat -c '<endpoint>?token=<token>'",
    leaves="What the service keeps of one conversation of the test user, until it expires.",
)
def step_succeeds(
    users: SignIn,
    talks: Conversations,
    *,
    endpoint: str,
    sign_in: dict[str, str],
    dialogue: list[dict[str, Any]],
    step: str,
) -> Verdict:
    """One step of a conversation with the service went as it should.

    A dialogue is held once, however many items ask for one of its steps; what comes after a step that did not pass is not
    tried, and unknown.
    ``endpoint`` is a wss:// URL. ``sign_in`` names pool, client, username and secret of the test user whose ID token is
    ``{token}``; empty: nobody signs in. Each step of ``dialogue`` has a name and does, in this order and on the connection
    that ``as`` names: ``connect`` with a query, within ``within_seconds`` (10); ``send`` a JSON object; ``expect`` a message
    with these values, within ``within_seconds`` (5); ``keep`` values of it for later steps, as ``{name}``; ``close``. With
    ``refused: true`` the connection must be refused, at the latest after ``retry_seconds`` (0). Steps of one name are judged
    as one.

    Example:
        check: websocket.step_succeeds
        with:
          endpoint: wss://abc123.execute-api.us-east-1.amazonaws.com/prod
          sign_in: {pool: users, client: web, username: release-check@example.com, secret: test-user}
          step: heartbeat
          dialogue:
            - name: create
              as: speaker
              connect: {token: "{token}", role: speaker}
              expect: {type: sessionCreated}
              keep: {session: sessionId}
            - {name: heartbeat, as: speaker, send: {action: heartbeat}, expect: {type: heartbeatAck}}

    """
    known, who = {}, sign_in.get("username", "")
    if sign_in:
        if missing := {"pool", "client", "username", "secret"} - sign_in.keys():
            return unknown(f"The item's sign_in does not name {', '.join(sorted(missing))}.")
        tokens = users.tokens(**{name: sign_in[name] for name in ("pool", "client", "username", "secret")})
        known = {"token": tokens.id_token, "access_token": tokens.access_token}
    steps = [each for each in talks.hold(endpoint, dialogue, who, known) if each.name == step]
    return every(
        f"step named '{step}'",
        steps,
        lambda each: Verdict(_OUTCOMES[each.outcome], f"Step '{step}': {each.said}"),
    )
