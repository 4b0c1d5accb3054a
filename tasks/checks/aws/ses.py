"""Amazon SES: mail may be sent, from addresses that are ours, and arrives."""

from __future__ import annotations

from datetime import timedelta

from tasks.connect.aws import Aws
from tasks.core.judges import every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown


@check(permissions=("ses:GetEmailIdentity",), remedy="aws sesv2 get-email-identity --email-identity <identity>")
def identities_verified(aws: Aws, *, identities: list[str], signed: bool = True) -> Verdict:
    """Every domain or address may be sent from.

    Mail from one that is not verified is refused; mail that is not signed ends among the junk.
    Reads ses:GetEmailIdentity once an identity. ``signed`` asks for working DKIM signatures too.

    Example:
        check: aws.ses.identities_verified
        with: {identities: [example.com]}

    """

    def verified(name: str) -> Verdict:
        seen = aws.sesv2.get_email_identity(EmailIdentity=name)
        if seen["VerifiedForSendingStatus"] is not True:
            return failed(f"Identity {name} is not verified.")
        dkim = seen.get("DkimAttributes", {}).get("Status", "absent")
        if signed and dkim != "SUCCESS":
            return failed(f"The signing of mail from {name} is {dkim}, wanted SUCCESS.")
        return passed(f"Identity {name} is verified.")

    return every("identity", identities, verified)


@check(permissions=("ses:GetAccount",), remedy="aws sesv2 get-account")
def sending_enabled(aws: Aws, *, production: bool = True) -> Verdict:
    """The account may send mail, to anybody.

    An account in the sandbox of SES sends to verified addresses only, and users hear nothing.
    Reads ses:GetAccount. ``production`` refuses an account in that sandbox.

    Example:
        check: aws.ses.sending_enabled

    """
    seen = aws.sesv2.get_account()
    if seen["SendingEnabled"] is not True:
        return failed("The account may not send mail.")
    if production and seen["ProductionAccessEnabled"] is not True:
        return failed("The account sends mail to verified addresses only; ask AWS for production access.")
    state = seen.get("EnforcementStatus", "HEALTHY")
    return passed(f"The account may send mail and is {state}.") if state == "HEALTHY" else failed(f"Sending is in {state}.")


@check(permissions=("ses:GetSendStatistics",), remedy="aws ses get-send-statistics")
def mail_delivered(
    aws: Aws, *, hours: float = 24, sent: int = 1, bounce_percent: float = 5, complaint_percent: float = 0.1
) -> Verdict:
    """Mail was sent in the last hours, and little of it came back.

    AWS stops an account that bounces too much. Whether a mail arrived, only its reader can say.
    Reads ses:GetSendStatistics. ``sent`` is the smallest number of mails that says anything: fewer are unknown; the two limits
    are shares of what was sent.

    Example:
        check: aws.ses.mail_delivered
        with: {hours: 24, sent: 10}

    """
    since = aws.now - timedelta(hours=hours)
    points = [each for each in aws.ses.get_send_statistics()["SendDataPoints"] if each["Timestamp"] >= since]
    tried, bounced, complained = (
        sum(int(each[name]) for each in points) for name in ("DeliveryAttempts", "Bounces", "Complaints")
    )
    told = f"{tried} mails in the last {hours:g} hours, {bounced} bounced, {complained} complained of"
    if tried < max(sent, 1):
        return unknown(f"{told}; wanted at least {sent} to judge.")
    if 100 * bounced > bounce_percent * tried or 100 * complained > complaint_percent * tried:
        return failed(f"{told}; wanted at most {bounce_percent:g} % and {complaint_percent:g} %.")
    return passed(f"{told}.")
