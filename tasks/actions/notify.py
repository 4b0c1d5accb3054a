"""Telling people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasks.connect.webhook import Webhook
from tasks.core.registry import Done, Settled, action

_QUOTED = 120


def settled(webhook: Webhook, *, before: Mapping[str, Any], **_arguments: Any) -> Settled:  # noqa: ARG001
    """Unknown: an incoming webhook tells nobody what was posted through it."""
    return "unknown"


@action(
    remedy="Set GATES_SLACK_WEBHOOK to the address of an incoming webhook, or tell people by other means and waive the item.",
    settled=settled,
    irreversible="A message that was sent cannot be called back; send another one.",
)
def post(webhook: Webhook, *, message: str, channel: str = "") -> Done:
    """Post a message to the team's incoming webhook.

    ``message`` is text in Slack's own markup; secrets in it are hidden. ``channel`` is heeded by legacy webhooks only, for
    newer ones belong to one channel.

    Example:
        action: notify.post
        with: {message: "session-management 1.3.0 is live in production."}

    """
    webhook.post(message, channel)
    quoted = message if len(message) <= _QUOTED else f"{message[:_QUOTED]}…"
    return Done(f"Posted to the notices webhook: {quoted}")
