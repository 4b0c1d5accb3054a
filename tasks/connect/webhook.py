"""Write door to the incoming webhook that notices go to. The only importer of slack_sdk here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.core.errors import ActionError
from tasks.core.redaction import redact
from tasks.core.sample import Trail

if TYPE_CHECKING:
    from tasks.connect.session import Session

_PATIENCE_SECONDS = 10


class Webhook:
    """Posts; who holds the webhook's address may post, so the address is a secret."""

    def __init__(self, address: str) -> None:
        redact.learn(address)
        self._address = address

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Webhook:  # noqa: ARG003  what is posted is no reading
        """The door to the webhook of the settings."""
        return cls(session.settings.notices_webhook)

    def post(self, message: str, channel: str = "") -> None:
        """Send one message, secrets hidden. ``channel`` counts for legacy webhooks only. Raises ``ActionError``."""
        from slack_sdk.webhook import WebhookClient

        if not self._address:
            raise ActionError("No webhook is configured to post to; set GATES_SLACK_WEBHOOK to its address.")
        body = {"text": redact(message)} | ({"channel": channel} if channel else {})
        try:
            response = WebhookClient(self._address, timeout=_PATIENCE_SECONDS).send_dict(body)
        except (OSError, ValueError) as error:
            raise ActionError(f"The webhook was not reached: {redact(str(error))}.") from error
        if response.status_code != 200:
            raise ActionError(f"The webhook answered {response.status_code}: {redact(str(response.body))[:200]}.")
