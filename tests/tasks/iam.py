"""What IAM calls the right to an operation: mostly the operation's own name below the name that requests are signed for."""

from __future__ import annotations

_SERVICES = {"monitoring": "cloudwatch", "tagging": "tag"}
_S3 = {
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBuckets": "ListAllMyBuckets",
    "ListObjectsV2": "ListBucket",
}


def action(signed_for: str, operation: str) -> str:
    """The IAM action that allows an operation, such as ``s3:ListBucket`` for ``ListObjectsV2``.

    ``signed_for`` is the service in the request's signature: both API Gateways sign for ``apigateway``.
    """
    if signed_for == "apigateway":
        return "apigateway:GET"
    if signed_for == "budgets":
        return "budgets:ViewBudget"
    name = _S3.get(operation, operation) if signed_for == "s3" else operation
    return f"{_SERVICES.get(signed_for, signed_for)}:{name}"
