from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

VERIFIED, ENABLED, DELIVERED = (f"aws.ses.{name}" for name in ("identities_verified", "sending_enabled", "mail_delivered"))
US = {"identities": ["example.com"]}
GONE = {"sesv2.get_email_identity": aws_error("NotFoundException", "Email identity example.com does not exist.")}


def identity(status: str = "SUCCESS", *, verified: bool = True) -> dict[str, Any]:
    return {"sesv2.get_email_identity": {"VerifiedForSendingStatus": verified, "DkimAttributes": {"Status": status}}}


def account(**changes: Any) -> dict[str, Any]:
    whole = {"SendingEnabled": True, "ProductionAccessEnabled": True, "EnforcementStatus": "HEALTHY"}
    return {"sesv2.get_account": whole | changes}


def sent(tried: int, bounced: int = 0, hours: float = 1) -> dict[str, Any]:
    moment = datetime.now(UTC) - timedelta(hours=hours)
    point = {"Timestamp": moment, "DeliveryAttempts": tried, "Bounces": bounced, "Complaints": 0, "Rejects": 0}
    return {"ses.get_send_statistics": {"SendDataPoints": [point]}}


CASES = [
    Case("verified", VERIFIED, US, Status.PASSED, "is verified", identity()),
    Case("not verified", VERIFIED, US, Status.FAILED, "not verified", identity(verified=False)),
    Case("not signed", VERIFIED, US, Status.FAILED, "PENDING", identity("PENDING")),
    Case("need not be signed", VERIFIED, US | {"signed": False}, Status.PASSED, "is verified", identity("PENDING")),
    Case("not there", VERIFIED, US, Status.FAILED, "does not exist", GONE),
    Case("none named", VERIFIED, {"identities": []}, Status.UNKNOWN, "nothing could be judged", identity()),
    Case("denied", VERIFIED, US, Status.UNKNOWN, "AccessDenied", {"sesv2.get_email_identity": DENIED}),
    Case("may send", ENABLED, {}, Status.PASSED, "HEALTHY", account()),
    Case("in the sandbox", ENABLED, {}, Status.FAILED, "verified addresses only", account(ProductionAccessEnabled=False)),
    Case("sandbox will do", ENABLED, {"production": False}, Status.PASSED, "may send", account(ProductionAccessEnabled=False)),
    Case("stopped", ENABLED, {}, Status.FAILED, "may not send", account(SendingEnabled=False)),
    Case("on probation", ENABLED, {}, Status.FAILED, "PROBATION", account(EnforcementStatus="PROBATION")),
    Case("denied", ENABLED, {}, Status.UNKNOWN, "AccessDenied", {"sesv2.get_account": DENIED}),
    Case("sent", DELIVERED, {}, Status.PASSED, "20 mails", sent(20)),
    Case("just few enough bounced", DELIVERED, {}, Status.PASSED, "1 bounced", sent(20, 1)),
    Case("too many bounced", DELIVERED, {}, Status.FAILED, "at most 5 %", sent(19, 1)),
    Case("too long ago", DELIVERED, {}, Status.UNKNOWN, "0 mails", sent(20, hours=24.1)),
    Case("too few to judge", DELIVERED, {"sent": 21}, Status.UNKNOWN, "wanted at least 21", sent(20)),
    Case("denied", DELIVERED, {}, Status.UNKNOWN, "AccessDenied", {"ses.get_send_statistics": DENIED}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
