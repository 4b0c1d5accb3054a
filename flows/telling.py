"""What is said when a release stops for a reason of our own: it is not rolled back, for nothing says that it is bad."""

import logging

from flows.journey import Journey
from flows.pages import this_run_url
from tasks.core.redaction import redact
from tasks.notices import notify

log = logging.getLogger("gates.flow")


def say_broken(journey: Journey, error: BaseException) -> None:
    """Tell people that the run has broken, what stands, and the two ways on."""
    plan = journey.plan
    changed = "Something had been changed." if journey.changed else "Nothing had been changed."
    notify(
        journey.session,
        f"{plan.title} {plan.version} → {plan.environment} stopped on an error that is not the release's: {redact(str(error))} "
        f"{changed} Retry the run ({this_run_url()}) or run `gates rollback {journey.id}`.",
    )
