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
    """Tell it. A notice that cannot be delivered is logged: it never stops a release or a rollback.

    Where nobody is told in another way, the log warns.
    """
    told = redact(text)
    if not session.settings.notices_webhook:
        log.warning("Notice: %s", told)
        return
    try:
        Webhook.open(session, Trail(Sample())).post(told)
    except GatesError as error:
        log.warning("Notice: %s", told)
        log.error("The notice was not delivered: %s", error)  # noqa: TRY400  a sentence, not a traceback
    else:
        log.info("Notice: %s", told)
