"""Damages that the checks after a deploy of kalendlytic can see: carried by the next deploy, or done to what was deployed.

What the deploy carries is healed by restoring the previous stack; what was done to the account stays until it is repaired.
"""

from __future__ import annotations

import time
from functools import partial

from deployments.sandbox.damage import Damage, Edit, edited, faulty
from deployments.sandbox.parts import behind
from deployments.sandbox.world import World

from . import history
from .project import NAME

API = "infrastructure/api.py"
DATA = "infrastructure/data.py"
EDGE = "infrastructure/edge.py"
FUNCTIONS = "infrastructure/functions.py"
MONITORING = "infrastructure/monitoring.py"
ANSWERS = "src/kalendlytic/answers.py"
EVENTS = "src/kalendlytic/events.py"
HEALTH = "src/kalendlytic/health.py"

LATENCY_ALARM = (
    '        "LatencyAlarm": alarm(named("latency"), api_metric(settings, "Latency"), 2000, ExtendedStatistic="p95"),\n'
)
WHATEVER_FOLLOWS = "    }\n    for function in FUNCTIONS:\n        errors"

carried = partial(edited, NAME)

SERVED = (
    carried(
        "health-sick",
        "after",
        "The next deploy carries a health page that always finds a secret missing.",
        Edit(HEALTH, 'found["InvalidParameters"])', 'found["InvalidParameters"] or ["/BEDROCK_API_KEY"])'),
    ),
    carried(
        "events-lost",
        "after",
        "The next deploy carries a function that answers as if it had written the event.",
        Edit(EVENTS, 'table("EVENTS_TABLE").put_item(Item=item)\n    count(', "count("),
    ),
    carried(
        "any-origin",
        "after",
        "The next deploy lets pages of any origin call the API.",
        Edit(ANSWERS, 'if origin not in os.environ["CORS_ORIGINS"].split(","):', "if not origin:"),
    ),
    carried(
        "methods-public",
        "after",
        "The next deploy lets anybody call the API.",
        Edit(API, 'PUBLIC = ("GET /health",)', 'PUBLIC = ("GET /health", "GET /events", "POST /events")'),
    ),
    carried(
        "requests-unchecked",
        "after",
        "The next deploy leaves requests with a body unvalidated.",
        Edit(API, 'WITH_BODY = ("POST", "PUT")', "WITH_BODY = ()"),
    ),
    carried(
        "headers-dropped",
        "after",
        "The next deploy leaves out the headers that protect browsers.",
        Edit(EDGE, '        "ResponseHeadersPolicyId": {"Ref": "Headers"},\n        **more,', "        **more,"),
    ),
    carried(
        "firewall-counting",
        "after",
        "The next deploy has the firewall count what it should block.",
        Edit(EDGE, 'Statement=known, OverrideAction={"None": {}}', 'Statement=known, OverrideAction={"Count": {}}'),
        Edit(EDGE, 'Statement=many, Action={"Block": {}}', 'Statement=many, Action={"Count": {}}'),
    ),
)

KEPT = (
    carried(
        "recovery-off",
        "after",
        "The next deploy turns point-in-time recovery off.",
        Edit(DATA, '"PointInTimeRecoveryEnabled": settings.backup_days > 0', '"PointInTimeRecoveryEnabled": False'),
    ),
    carried(
        "scaling-gone",
        "after",
        "The next deploy leaves the tables at a fixed capacity.",
        Edit(
            DATA,
            '            found |= scaling(logical, name, "Read") | scaling(logical, name, "Write")\n',
            "            pass\n",
        ),
    ),
    carried(
        "key-unrotated",
        "after",
        "The next deploy has a key that is never changed.",
        Edit(DATA, '"EnableKeyRotation": True', '"EnableKeyRotation": False'),
    ),
    carried(
        "failures-lost",
        "after",
        "The next deploy keeps nothing of what a function could not handle.",
        Edit(
            FUNCTIONS,
            '"DeadLetterConfig": {"TargetArn": {"Fn::GetAtt": ["Failures", "Arn"]}},\n            "Environment"',
            '"Environment"',
        ),
    ),
    carried(
        "role-broad",
        "after",
        "The next deploy lets every function do anything with every table.",
        Edit(
            FUNCTIONS,
            "ANYWHERE = [  # these actions know no resource\n",
            'ANYWHERE = [  # these actions know no resource\n    "dynamodb:*",\n',
        ),
    ),
    carried(
        "untraced",
        "after",
        "The next deploy leaves the functions out of X-Ray.",
        Edit(FUNCTIONS, '"TracingConfig": {"Mode": "Active"}', '"TracingConfig": {"Mode": "PassThrough"}'),
    ),
    carried(
        "latency-unwatched",
        "after",
        "The next deploy removes the alarm on latency.",
        Edit(
            MONITORING,
            LATENCY_ALARM + WHATEVER_FOLLOWS,
            WHATEVER_FOLLOWS,
        ),
    ),
    carried(
        "memory-refused",
        "after",
        "The next deploy fails midway: the health function asks for 64 MB, which Lambda does not have.",
        Edit(
            FUNCTIONS,
            '(("ssm:GetParameters", "parameters"),), memory_mb=128',
            '(("ssm:GetParameters", "parameters"),), memory_mb=64',
        ),
    ),
)


def deployed_groups(world: World) -> list[str]:
    """The log groups of the events function, wherever it is deployed."""
    every = world.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/kalendlytic-")["logGroups"]
    return [str(each["logGroupName"]) for each in every if each["logGroupName"].endswith("-events")]


def log_errors(world: World) -> None:
    """Let the events function have failed for a user, in every environment."""
    logs = world.client("logs")
    for group in deployed_groups(world):
        logs.create_log_stream(logGroupName=group, logStreamName="damaged")
        line = {"timestamp": int(time.time() * 1000), "message": "[ERROR] KeyError: 'owner'"}
        logs.put_log_events(logGroupName=group, logStreamName="damaged", logEvents=[line])


def forget_errors(world: World) -> None:
    """Undo ``log_errors``."""
    for group in deployed_groups(world):
        world.client("logs").delete_log_stream(logGroupName=group, logStreamName="damaged")


def watch_threats(world: World, *, on: bool) -> None:
    """Switch GuardDuty on or off."""
    guardduty = behind(world, "guardduty")
    for detector in guardduty.list_detectors()["DetectorIds"]:
        guardduty.update_detector(DetectorId=detector, Enable=on)


DONE = (
    Damage("errors-logged", "The events function has failed for a user.", "after", log_errors, forget_errors),
    Damage(
        "vulnerability-found",
        "Inspector has found a known hole in a function.",
        "after",
        lambda world: history.found_by_inspector(world, ["CVE-2026-1234 - urllib3"]),
        lambda world: history.found_by_inspector(world, []),
    ),
    Damage(
        "memory-wasted",
        "Compute Optimizer would give the files function half its memory.",
        "after",
        lambda world: history.recommend(
            world, "files", finding="NotOptimized", memorySizeRecommendationOptions=[{"memorySize": 256}]
        ),
        lambda world: history.recommend(world, "files", finding="Optimized", memorySizeRecommendationOptions=[]),
    ),
    Damage(
        "threats-unwatched",
        "Somebody has switched GuardDuty off.",
        "after",
        partial(watch_threats, on=False),
        partial(watch_threats, on=True),
    ),
    faulty(
        "mail-unconfirmed",
        "after",
        "Nobody has confirmed the e-mail subscription to the alarms.",
        {
            "service": "sns",
            "operation": "ListSubscriptions*",
            "rewrite": [
                [r"<SubscriptionArn>[^<]*</SubscriptionArn>", "<SubscriptionArn>PendingConfirmation</SubscriptionArn>"]
            ],
        },
        {
            "service": "sns",
            "operation": "GetSubscriptionAttributes",
            "rewrite": [[r"(<key>PendingConfirmation</key>\s*<value>)false", r"\1true"]],
        },
    ),
    faulty("api-slow", "after", "Every answer of the API takes two seconds.", {"service": "http", "latency_ms": 2000}),
)

AFTER = (*SERVED, *KEPT, *DONE)
