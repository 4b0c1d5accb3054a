"""The three DynamoDB tables."""

from __future__ import annotations

from settings import Settings

Resource = dict[str, object]

LISTENERS_INDEX = "sessionId-targetLanguage-index"


def table(settings: Settings, name: str, key: str, ttl: str, more_attributes: tuple[str, ...] = ()) -> Resource:
    return {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "TableName": settings.name(name),
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [
                {"AttributeName": attribute, "AttributeType": "S"} for attribute in (key, *more_attributes)
            ],
            "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
            "TimeToLiveSpecification": {"AttributeName": ttl, "Enabled": True},
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": settings.environment == "prod"},
        },
    }


def with_listeners_index(connections: Resource) -> Resource:
    index = {
        "IndexName": LISTENERS_INDEX,
        "KeySchema": [
            {"AttributeName": "sessionId", "KeyType": "HASH"},
            {"AttributeName": "targetLanguage", "KeyType": "RANGE"},
        ],
        "Projection": {"ProjectionType": "ALL"},
    }
    return {**connections, "Properties": {**connections["Properties"], "GlobalSecondaryIndexes": [index]}}


def tables(settings: Settings) -> dict[str, Resource]:
    connections = table(settings, "Connections", "connectionId", "ttl", ("sessionId", "targetLanguage"))
    return {
        "SessionsTable": table(settings, "Sessions", "sessionId", "expiresAt"),
        "ConnectionsTable": with_listeners_index(connections),
        "RateLimitsTable": table(settings, "RateLimits", "identifier", "expiresAt"),
    }
