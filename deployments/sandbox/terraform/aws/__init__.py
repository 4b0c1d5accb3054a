"""Kinds of AWS resources that the sandbox's Terraform provider creates, looks at and removes in the emulated account."""

from __future__ import annotations

from collections.abc import Mapping

from .api import Api
from .compute import Function, Machine, Schedule
from .kind import Kind
from .storage import Bucket, LogGroup, Role, Table
from .watching import Alarm, Dashboard

KINDS: Mapping[str, Kind] = {
    "alarm": Alarm(),
    "bucket": Bucket(),
    "dashboard": Dashboard(),
    "function": Function(),
    "log_group": LogGroup(),
    "rest_api": Api(),
    "role": Role(),
    "schedule": Schedule(),
    "state_machine": Machine(),
    "table": Table(),
}
"""By the name of the resource, without the provider's prefix."""
