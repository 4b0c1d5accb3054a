"""POST /invitations: a mail to somebody who is to come."""

from __future__ import annotations

import os
from typing import Any

from kalendlytic.answers import answer, body, caller
from kalendlytic.cloud import client, count


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    if not caller(event):
        return answer(event, 401, {"message": "Sign in first."})
    wanted = body(event)
    if not wanted.get("to") or not wanted.get("title"):
        return answer(event, 400, {"message": "An invitation needs to and title."})
    text = {
        "Body": {"Text": {"Data": f"You are invited: {wanted['title']}"}},
        "Subject": {"Data": str(wanted["title"])},
    }
    sent = client("sesv2").send_email(
        FromEmailAddress=os.environ["SENDER"],
        Destination={"ToAddresses": [str(wanted["to"])]},
        Content={"Simple": text},
    )
    count("InvitationsSent")
    return answer(event, 202, {"mail": sent["MessageId"]})
