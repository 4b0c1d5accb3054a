"""Having CloudFront forget what it keeps."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from tasks.actions.aws.waiting import until
from tasks.connect.aws import AwsWriter
from tasks.core.errors import ActionError
from tasks.core.registry import Done, Settled, action


def settled(_aws: AwsWriter, *, before: Mapping[str, Any], **_arguments: Any) -> Settled:  # noqa: ARG001
    """Not done: forgetting once more harms nobody."""
    return "not done"


def undo(
    aws: AwsWriter,
    *,
    before: Mapping[str, Any],  # noqa: ARG001  nothing was noted
    distribution: str,
    paths: list[str],
    timeout_minutes: float = 30,
) -> str:
    """Forget again: by now CloudFront keeps pages of the release that is taken back."""
    _forget(aws, distribution, paths, timeout_minutes)
    return f"Distribution {distribution} has forgotten {', '.join(paths)} once more, and fetches what is there now."


@action(
    remedy="aws cloudfront list-invalidations --distribution-id <distribution>",
    settled=settled,
    undo=undo,
    permissions=("cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"),
)
def invalidate(aws: AwsWriter, *, distribution: str, paths: list[str], timeout_minutes: float = 30) -> Done:
    """Have the distribution forget what it keeps under the paths, and wait until every place has.

    ``distribution`` is its ID, ``paths`` are such as /index.html or /*. Undone by forgetting once more, for a rollback brings
    other pages: let this item stand after the one that brings them.

    Example:
        action: aws.cloudfront.invalidate
        with: {distribution: E1ABCDEFGHIJKL, paths: ["/*"]}

    """
    if not paths:
        raise ActionError(f"The item names no path that distribution {distribution} is to forget.")
    _forget(aws, distribution, paths, timeout_minutes)
    return Done(f"Distribution {distribution} has forgotten {', '.join(paths)}.")


def _forget(aws: AwsWriter, distribution: str, paths: list[str], minutes: float) -> None:
    batch = {"Paths": {"Quantity": len(paths), "Items": paths}, "CallerReference": secrets.token_hex(16)}
    made = aws.cloudfront.create_invalidation(DistributionId=distribution, InvalidationBatch=batch)["Invalidation"]

    def status() -> str:
        return str(aws.cloudfront.get_invalidation(DistributionId=distribution, Id=made["Id"])["Invalidation"]["Status"])

    until(f"invalidating {distribution}", status, lambda seen: seen == "Completed", minutes * 60)
