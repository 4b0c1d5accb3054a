"""Telling people: every notice goes to the run's log, and to the team's channel when a webhook is configured."""

from __future__ import annotations

import logging

from tasks.connect.session import Session
from tasks.connect.webhook import Webhook
from tasks.core.errors import GatesError
from tasks.core.redaction import redact
from tasks.core.sample import Sample, Trail

log = logging.getLogger("gates.notice")


def notify(session: Session, text: str) -> None:
    """Tell it. A notice that cannot be delivered is logged: it never stops a release or a rollback."""
    told = redact(text)
    log.warning("Notice: %s", told)
    if not session.settings.notices_webhook:
        return
    try:
        Webhook.open(session, Trail(Sample())).post(told)
    except GatesError as error:
        log.error("The notice was not delivered: %s", error)  # noqa: TRY400  a sentence, not a traceback
