"""Files of the checkout put into buckets, and the earlier ones brought back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from tasks.connect.aws import AwsWriter
from tasks.connect.files import Files
from tasks.core.answers import Answer
from tasks.core.errors import Absent, ActionError
from tasks.core.registry import Done, Settled, action

_DIGEST = "sha256"


def before(aws: AwsWriter, _files: Files, *, bucket: str, key: str, **_rest: Any) -> dict[str, Any]:
    """The object that is there: ``{"version": its ID, empty when there is none}``.

    Raises ``ActionError`` when there is one of which the bucket keeps no version: overwritten, it could not be brought back.
    """
    found = _head(aws, bucket, key)
    if found is None:
        return {"version": ""}
    version = str(found.get("VersionId", "null"))
    if version == "null":
        raise ActionError(f"Bucket {bucket} keeps no version of {key}, which could not be brought back; turn versioning on.")
    return {"version": version}


def settled(
    aws: AwsWriter,
    files: Files,
    *,
    before: Mapping[str, Any],
    bucket: str,
    key: str,
    path: str,
    **_rest: Any,
) -> Settled:
    """Done when another version than before holds the file; not done when none came; otherwise unknown."""
    found = _head(aws, bucket, key)
    if ("" if found is None else str(found.get("VersionId", "null"))) == before["version"]:
        return "not done"
    return "done" if found is not None and found["Metadata"].get(_DIGEST) == _digest(files.text(path).encode()) else "unknown"


def undo(aws: AwsWriter, _files: Files, *, before: Mapping[str, Any], bucket: str, key: str, **_rest: Any) -> str:
    """Bring the earlier version back, or delete an object that was not there."""
    place = f"s3://{bucket}/{key}"
    if not before["version"]:
        aws.s3.delete_object(Bucket=bucket, Key=key)
        return f"{place} was not there before the release and has been deleted."
    found = _head(aws, bucket, key)
    if found is not None and found.get("VersionId") == before["version"]:
        return f"{place} is as it was before the release; nothing had to be undone."
    source = {"Bucket": bucket, "Key": key, "VersionId": before["version"]}
    aws.s3.copy_object(Bucket=bucket, Key=key, CopySource=source)
    return f"{place} holds what it held before the release."


@action(
    remedy="aws s3api list-object-versions --bucket <bucket> --prefix <key>",
    before=before,
    settled=settled,
    undo=undo,
    permissions=("s3:DeleteObject", "s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:PutObject"),
)
def put_file(aws: AwsWriter, files: Files, *, bucket: str, key: str, path: str, content_type: str = "text/plain") -> Done:
    """Put a text file of the checkout into the bucket.

    ``path`` is relative to the workspace, at most 1 MB of text. What it overwrites must be kept as a version by the bucket.
    Undone by bringing that version back, or deleting what was not there.

    Example:
        action: aws.s3.put_file
        with: {bucket: toombos-prod-config, key: maintenance.html, path: toombos/maintenance.html, content_type: text/html}

    """
    body = files.text(path).encode()
    aws.s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType=content_type, Metadata={_DIGEST: _digest(body)})
    return Done(f"{path} is in s3://{bucket}/{key}.")


def _head(aws: AwsWriter, bucket: str, key: str) -> Answer | None:
    try:
        return aws.s3.head_object(Bucket=bucket, Key=key)
    except Absent:
        return None


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
