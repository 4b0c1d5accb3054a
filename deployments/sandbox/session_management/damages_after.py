"""Damages that the checks after a deploy can see: carried by the project's next deploy, or faults of what it made.

What the deploy carries is healed by restoring the previous stack; a fault of the gateway stays until it is repaired.
"""

from __future__ import annotations

from deployments.sandbox.damage import Edit, faulty

from .damage import edited

TABLES = "infrastructure/tables.py"
FUNCTIONS = "infrastructure/functions.py"
API = "infrastructure/api.py"
MONITORING = "infrastructure/monitoring.py"
HEARTBEAT = "src/sessions/heartbeat.py"
SLOW_MS = 4000

CAPACITY = '"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},\n'
LATENCY_ALARM = """\
        "LatencyAlarm": alarm(
            named("session-creation-latency"), own_metric(settings, "SessionCreationLatency"), 2000, "Average"
        ),
"""

TABLE_DAMAGES = (
    edited(
        "ttl-off",
        "after",
        "The next deploy turns time to live off on every table.",
        Edit(TABLES, '{"AttributeName": ttl, "Enabled": True}', '{"AttributeName": ttl, "Enabled": False}'),
    ),
    edited(
        "gsi-missing",
        "after",
        "The next deploy drops the index of the Connections table.",
        Edit(TABLES, '"ttl", ("sessionId", "targetLanguage"))\n', '"ttl")\n'),
        Edit(TABLES, '"ConnectionsTable": with_listeners_index(connections),', '"ConnectionsTable": connections,'),
    ),
    edited(
        "provisioned-billing",
        "after",
        "The next deploy gives the tables provisioned capacity.",
        Edit(
            TABLES,
            '            "BillingMode": "PAY_PER_REQUEST",\n',
            f'            "BillingMode": "PROVISIONED",\n            {CAPACITY}',
        ),
        Edit(
            TABLES,
            '        "Projection": {"ProjectionType": "ALL"},\n',
            f'        "Projection": {{"ProjectionType": "ALL"}},\n        {CAPACITY}',
        ),
    ),
    edited(
        "pitr-off",
        "after",
        "The next deploy turns point-in-time recovery off in production.",
        Edit(TABLES, '"PointInTimeRecoveryEnabled": settings.environment == "prod"', '"PointInTimeRecoveryEnabled": False'),
    ),
)

FUNCTION_DAMAGES = (
    edited(
        "wrong-memory",
        "after",
        "The next deploy gives the connection handler 512 MB instead of 256.",
        Edit(FUNCTIONS, '"connection",\n        memory_mb=256,', '"connection",\n        memory_mb=512,'),
    ),
    edited(
        "wrong-timeout",
        "after",
        "The next deploy gives the heartbeat handler 3 seconds instead of 10.",
        Edit(
            FUNCTIONS,
            '"heartbeat",\n        memory_mb=128,\n        timeout_s=10,',
            '"heartbeat",\n        memory_mb=128,\n        timeout_s=3,',
        ),
    ),
    edited(
        "env-var-missing",
        "after",
        "The next deploy forgets to tell the functions the name of the Connections table.",
        Edit(
            FUNCTIONS,
            '"SESSIONS_TABLE": settings.name("Sessions"),\n        "CONNECTIONS_TABLE": settings.name("Connections"),\n',
            '"SESSIONS_TABLE": settings.name("Sessions"),\n',
        ),
    ),
    edited(
        "permission-missing",
        "after",
        "The next deploy takes from the disconnect handler the right to query the Connections table.",
        Edit(FUNCTIONS, '("Connections", ("DeleteItem", "Query"))', '("Connections", ("DeleteItem",))'),
    ),
    edited(
        "manage-connections-missing",
        "after",
        "The next deploy takes from the heartbeat handler the right to post to connections.",
        Edit(
            FUNCTIONS,
            '(("Connections", ("GetItem", "UpdateItem")),),\n        posts_back=True,',
            '(("Connections", ("GetItem", "UpdateItem")),),\n        posts_back=False,',
        ),
    ),
    edited(
        "retention-unset",
        "after",
        "The next deploy leaves the log groups without a retention.",
        Edit(
            FUNCTIONS,
            '{settings.name(function.name)}",\n            "RetentionInDays": settings.log_retention_days,\n',
            '{settings.name(function.name)}",\n',
        ),
    ),
    edited(
        "stack-fails",
        "after",
        "The next deploy fails midway: the refresh handler asks for 64 MB, which Lambda does not have.",
        Edit(FUNCTIONS, '"refresh",\n        memory_mb=256,', '"refresh",\n        memory_mb=64,'),
    ),
    edited(
        "heartbeat-broken",
        "after",
        "The next deploy carries a heartbeat handler that answers with the wrong word.",
        Edit(HEARTBEAT, 'ANSWER = "heartbeatAck"\n', 'ANSWER = "pong"\n'),
    ),
)

API_DAMAGES = (
    edited(
        "route-missing",
        "after",
        "The next deploy removes the heartbeat route.",
        Edit(
            API,
            '"$disconnect": "DisconnectHandler",\n    "heartbeat": "HeartbeatHandler",\n',
            '"$disconnect": "DisconnectHandler",\n',
        ),
    ),
    edited(
        "authorizer-detached",
        "after",
        "The next deploy lets anyone connect: $connect has no authorizer.",
        Edit(API, 'AUTHORIZED = ("$connect", "refreshConnection")', 'AUTHORIZED = ("refreshConnection",)'),
    ),
    edited(
        "throttling-off",
        "after",
        "The next deploy leaves the stage without throttling.",
        Edit(
            API,
            'throttling = {"ThrottlingRateLimit": settings.rate_limit, "ThrottlingBurstLimit": settings.burst_limit}',
            "throttling: dict[str, int] = {}",
        ),
    ),
    edited(
        "invoke-permission-missing",
        "after",
        "The next deploy takes from API Gateway the right to call the route handlers.",
        Edit(
            API,
            'Route"] = route(key)\n        resources[f"{LOGICAL[key]}Permission"] = permission(settings, function)\n',
            'Route"] = route(key)\n',
        ),
    ),
    faulty(
        "slow-endpoint",
        "after",
        f"Connecting to the session endpoint, and each of its messages, takes {SLOW_MS // 1000} seconds.",
        {"service": "websocket", "latency_ms": SLOW_MS},
    ),
)

MONITORING_DAMAGES = (
    edited(
        "alarm-missing",
        "after",
        "The next deploy removes the alarm on session creation latency.",
        Edit(MONITORING, "    found = {\n" + LATENCY_ALARM, "    found = {\n"),
    ),
    edited(
        "dashboard-missing",
        "after",
        "The next deploy removes the dashboard.",
        Edit(
            MONITORING,
            "return topic(settings) | alarms(settings) | dashboard(settings)",
            "return topic(settings) | alarms(settings)",
        ),
    ),
    faulty(
        "subscription-pending",
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
)

AFTER = (*TABLE_DAMAGES, *FUNCTION_DAMAGES, *API_DAMAGES, *MONITORING_DAMAGES)
