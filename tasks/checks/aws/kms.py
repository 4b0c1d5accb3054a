"""KMS keys: there, usable, and changed from time to time."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.judges import equal, every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed


@check(permissions=("kms:DescribeKey",), remedy="aws kms describe-key --key-id <key>")
def keys_enabled(aws: Aws, *, keys: list[str], customer_managed: bool = True) -> Verdict:
    """Every key exists and is enabled.

    What a disabled key has sealed, or one that waits for its deletion, nobody can read.
    Reads kms:DescribeKey once a key. ``keys`` are key IDs, ARNs or aliases (``alias/…``); ``customer_managed`` refuses the keys
    that AWS keeps for its services.

    Example:
        check: aws.kms.keys_enabled
        with: {keys: [alias/app-prod]}

    """

    def usable(name: str) -> Verdict:
        seen = _key(aws, name)
        if customer_managed and seen["KeyManager"] != "CUSTOMER":
            return failed(f"Key {name} is managed by {seen['KeyManager']}, wanted a key of our own.")
        return equal(f"State of key {name}", seen["KeyState"], "Enabled")

    return every("key", keys, usable)


@check(permissions=("kms:DescribeKey", "kms:GetKeyRotationStatus"), remedy="aws kms enable-key-rotation --key-id <key>")
def rotation_on(aws: Aws, *, keys: list[str], at_most_days: int = 365) -> Verdict:
    """AWS changes the material of every key by itself, often enough.

    The longer one key seals everything, the more is lost when it leaks.
    Reads kms:DescribeKey and kms:GetKeyRotationStatus once a key. ``at_most_days`` is the longest period in days. A key whose
    material is our own, or that signs, cannot be rotated by AWS: it is unknown.

    Example:
        check: aws.kms.rotation_on
        with: {keys: [alias/app-prod]}

    """

    def rotated(name: str) -> Verdict:
        # An alias is refused here, so that the key's own ID is asked for first.
        seen = aws.kms.get_key_rotation_status(KeyId=_key(aws, name)["KeyId"])
        if seen["KeyRotationEnabled"] is not True:
            return failed(f"Key {name} is not rotated, wanted every {at_most_days} days.")
        days = seen.get("RotationPeriodInDays", 365)  # what AWS did before the period could be chosen
        told = f"Key {name} is rotated every {days} days"
        return passed(f"{told}.") if days <= at_most_days else failed(f"{told}, wanted every {at_most_days} days.")

    return every("key", keys, rotated)


def _key(aws: Aws, name: str) -> Answer:
    key: Answer = aws.kms.describe_key(KeyId=name)["KeyMetadata"]
    return key
