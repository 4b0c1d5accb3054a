"""The AWS services that the handlers use, opened when first needed and kept for the life of the process."""

from __future__ import annotations

import functools
import os
from typing import Any


@functools.cache
def session() -> Any:
    import boto3

    return boto3.Session()


@functools.cache
def client(service: str) -> Any:
    return session().client(service)


@functools.cache
def table(setting: str) -> Any:
    return session().resource("dynamodb").Table(os.environ[setting])


def count(metric: str) -> None:
    """Add one to a metric of our own."""
    space = f"Kalendlytic/{os.environ['ENVIRONMENT']}"
    client("cloudwatch").put_metric_data(Namespace=space, MetricData=[{"MetricName": metric, "Value": 1, "Unit": "Count"}])
