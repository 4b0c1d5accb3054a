"""SNS topics and who hears of them."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.errors import Absent
from tasks.core.judges import every, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_PENDING = "PendingConfirmation"


@check(permissions=("sns:ListTopics",), remedy="aws sns create-topic --name <topic>")
def topic_exists(aws: Aws, *, topic: str) -> Verdict:
    """The topic exists.

    An alarm that notifies a missing topic is silent.
    Reads sns:ListTopics. ``topic`` is the topic's name. Facts: topic_arn.

    Example:
        check: aws.sns.topic_exists
        with: {topic: session-management-alarms-prod}

    """
    arn = _arn(aws, topic)
    return passed(f"Topic {topic} exists.", {"topic_arn": arn})


@check(
    permissions=("sns:ListTopics", "sns:ListSubscriptionsByTopic"),
    remedy="aws sns subscribe --topic-arn <arn> --protocol <protocol> --notification-endpoint <address>",
)
def subscription_created(aws: Aws, *, topic: str, protocol: str = "email", endpoint: str = "") -> Verdict:
    """The topic has a subscription of the wished protocol, confirmed or not.

    A topic that nobody is subscribed to tells nobody.
    Reads sns:ListTopics and sns:ListSubscriptionsByTopic. ``topic`` is the topic's name; ``endpoint`` is the address that must
    be among the subscribed; empty accepts any.

    Example:
        check: aws.sns.subscription_created
        with: {topic: session-management-alarms-prod, endpoint: session-alarms@example.com}

    """
    found = _subscriptions(aws, topic, protocol, endpoint)
    if not found:
        return _nobody(topic, protocol, endpoint)
    return passed(f"Topic {topic} has {protocol} subscriptions of {listed(each['Endpoint'] for each in found)}.")


@check(
    permissions=("sns:ListTopics", "sns:ListSubscriptionsByTopic"),
    remedy="Open the confirmation mail that AWS sent to the address and follow its link.",
)
def subscription_confirmed(aws: Aws, *, topic: str, protocol: str = "email", endpoint: str = "") -> Verdict:
    """Every subscription of the wished protocol to the topic is confirmed.

    Until the link in the confirmation mail is followed, no alarm reaches that address.
    Reads sns:ListTopics and sns:ListSubscriptionsByTopic. ``topic`` is the topic's name; ``endpoint`` narrows to one address.

    Example:
        check: aws.sns.subscription_confirmed
        with: {topic: session-management-alarms-prod}

    """

    def confirmed(subscription: Answer) -> Verdict:
        address, state = subscription["Endpoint"], subscription["SubscriptionArn"]
        if not state.startswith("arn:"):
            told = "waits for its confirmation" if state == _PENDING else f"is {state}"
            return failed(f"The {protocol} subscription of {address} to topic {topic} {told}.")
        return passed(f"The {protocol} subscription of {address} to topic {topic} is confirmed.")

    found = _subscriptions(aws, topic, protocol, endpoint)
    return every("subscription", found, confirmed) if found else _nobody(topic, protocol, endpoint)


def _nobody(topic: str, protocol: str, endpoint: str) -> Verdict:
    return failed(f"Topic {topic} has no {protocol} subscription{f' of {endpoint}' if endpoint else ''}.")


def _arn(aws: Aws, topic: str) -> str:
    found = [str(each["TopicArn"]) for each in aws.sns.list_topics()["Topics"] if each["TopicArn"].endswith(f":{topic}")]
    if not found:
        raise Absent(f"There is no topic named '{topic}'.")
    return found[0]  # unique: a topic's ARN is its region, account and name


def _subscriptions(aws: Aws, topic: str, protocol: str, endpoint: str) -> list[Answer]:
    found = aws.sns.list_subscriptions_by_topic(TopicArn=_arn(aws, topic))["Subscriptions"]
    return [each for each in found if each["Protocol"] == protocol and endpoint in ("", each["Endpoint"])]
