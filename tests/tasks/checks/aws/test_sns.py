from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case

EXISTS, CREATED, CONFIRMED = (f"aws.sns.{name}" for name in ("topic_exists", "subscription_created", "subscription_confirmed"))
ARN = "arn:aws:sns:us-east-1:123456789012:alarms"
TOPIC = {"topic": "alarms"}
TOPICS: dict[str, Any] = {"sns.list_topics": {"Topics": [{"TopicArn": ARN}]}}
NO_TOPIC: dict[str, Any] = {"sns.list_topics": {"Topics": [{"TopicArn": ARN + "-dev"}]}}
UNLISTED: dict[str, Any] = {"sns.list_topics": DENIED}
UNSEEN = TOPICS | {"sns.list_subscriptions_by_topic": DENIED}
PENDING = "PendingConfirmation"


def subscribed(*arns: str, protocol: str = "email") -> dict[str, Any]:
    found = [
        {"SubscriptionArn": arn, "Protocol": protocol, "Endpoint": f"person-{place}@example.com"}
        for place, arn in enumerate(arns)
    ]
    return TOPICS | {"sns.list_subscriptions_by_topic": {"Subscriptions": found}}


OTHER = TOPIC | {"endpoint": "someone-else@example.com"}
CASES = [
    Case("there", EXISTS, TOPIC, Status.PASSED, "Topic alarms exists", TOPICS),
    Case("only a longer name is there", EXISTS, TOPIC, Status.FAILED, "no topic named", NO_TOPIC),
    Case("empty account", EXISTS, TOPIC, Status.FAILED, "no topic named", {"sns.list_topics": {"Topics": []}}),
    Case("denied", EXISTS, TOPIC, Status.UNKNOWN, "AccessDenied", UNLISTED),
    Case("confirmed", CREATED, TOPIC, Status.PASSED, "person-0@example.com", subscribed(ARN + ":1")),
    Case("not yet confirmed", CREATED, TOPIC, Status.PASSED, "person-0@example.com", subscribed(PENDING)),
    Case("nobody", CREATED, TOPIC, Status.FAILED, "has no email subscription", subscribed()),
    Case("only by another protocol", CREATED, TOPIC, Status.FAILED, "has no email", subscribed(ARN + ":1", protocol="sqs")),
    Case("somebody else", CREATED, OTHER, Status.FAILED, "of someone-else@example.com", subscribed(ARN + ":1")),
    Case("topic is not there", CREATED, TOPIC, Status.FAILED, "no topic named", NO_TOPIC),
    Case("denied", CREATED, TOPIC, Status.UNKNOWN, "AccessDenied", UNSEEN),
    Case("confirmed", CONFIRMED, TOPIC, Status.PASSED, "is confirmed", subscribed(ARN + ":1")),
    Case("pending", CONFIRMED, TOPIC, Status.FAILED, "waits for its confirmation", subscribed(PENDING)),
    Case("one of two pending", CONFIRMED, TOPIC, Status.FAILED, "person-1@example.com", subscribed(ARN + ":1", PENDING)),
    Case("deleted", CONFIRMED, TOPIC, Status.FAILED, "is Deleted", subscribed("Deleted")),
    Case("nobody", CONFIRMED, TOPIC, Status.FAILED, "has no email subscription", subscribed()),
    Case("denied", CONFIRMED, TOPIC, Status.UNKNOWN, "AccessDenied", UNSEEN),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
