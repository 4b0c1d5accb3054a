"""Users can sign in."""

from __future__ import annotations

from tasks.connect.sign_in import SignIn
from tasks.core.judges import includes
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, worst


@check(
    permissions=(
        "cognito-idp:ListUserPools",
        "cognito-idp:ListUserPoolClients",
        "cognito-idp:DescribeUserPoolClient",
        "cognito-idp:AdminInitiateAuth",
        "secretsmanager:GetSecretValue",
    ),
    remedy="aws cognito-idp admin-get-user --user-pool-id <pool> --username <username>",
    leaves="A sign-in of the test user in the user pool's history.",
)
def token_issued(users: SignIn, *, pool: str, client: str, username: str, secret: str) -> Verdict:
    """The test user can sign in and gets a JSON web token that holds.

    Without tokens nobody gets into the system, however healthy it is.
    ``pool``, ``client`` and ``secret`` are names: of the user pool, the app client, and the secret with the password. Asks
    cognito-idp:AdminInitiateAuth; the tokens are shown to nobody.

    Example:
        check: sign_in.token_issued
        with:
          pool: session-management-users-prod
          client: session-management-client-prod
          username: release-check@example.com
          secret: session-management/test-user-prod

    """
    tokens = users.tokens(pool=pool, client=client, username=username, secret=secret)
    issuer, audience = str(tokens.claims["iss"]), str(tokens.claims["aud"])
    left = float(tokens.claims["exp"]) - users.now.timestamp()
    lasting = passed if left > 0 else failed
    return worst(
        [
            includes(f"The issuer {issuer} of the token", issuer.split("/"), [tokens.pool_id]),
            includes("The audience of the token", [audience], [tokens.client_id]),
            lasting(f"The token for {username} expires in {left / 60:.0f} minutes."),
        ]
    )
