from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

EXIST, VERSIONS, SEALED, CLOSED, LOGGED, LOCKED, LIFE, COPIED = (
    f"aws.s3.{name}"
    for name in (
        "buckets_exist", "versioning_on", "encrypted", "public_access_blocked", "access_logging_on", "object_lock_on",
        "lifecycle_configured", "replicated",
    )
)  # fmt: skip
ONE = {"buckets": ["uploads"]}
NO_BUCKET = aws_error("NoSuchBucket", "The specified bucket does not exist", 404)
REGIONS = {"uploads": None, "near": None, "far": "eu-west-1"}


def encryption(**default: str) -> dict[str, Any]:
    rules = [{"ApplyServerSideEncryptionByDefault": default}]
    return {"s3.get_bucket_encryption": {"ServerSideEncryptionConfiguration": {"Rules": rules}}}


def public(**changes: bool) -> dict[str, Any]:
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return {"s3.get_public_access_block": {"PublicAccessBlockConfiguration": dict.fromkeys(names, True) | changes}}


def lock(**fields: Any) -> dict[str, Any]:
    return {"s3.get_object_lock_configuration": {"ObjectLockConfiguration": fields}}


def rules(*found: tuple[str, str]) -> dict[str, Any]:
    listed = [{"ID": name, "Status": status} for name, status in found]
    return {"s3.get_bucket_lifecycle_configuration": {"Rules": listed}}


def replication(target: str, status: str = "Enabled") -> dict[str, Any]:
    listed = [{"Status": status, "Destination": {"Bucket": f"arn:aws:s3:::{target}"}}]
    where: Callable[..., dict[str, Any]] = lambda **asked: {"LocationConstraint": REGIONS[asked["Bucket"]]}  # noqa: E731
    return {"s3.get_bucket_replication": {"ReplicationConfiguration": {"Rules": listed}}, "s3.get_bucket_location": where}


KMS = encryption(SSEAlgorithm="aws:kms", KMSMasterKeyID="arn:aws:kms:us-east-1:1:alias/uploads")
RETAINED = lock(ObjectLockEnabled="Enabled", Rule={"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30}})
TARGET = {"LoggingEnabled": {"TargetBucket": "logs"}}
CASES = [
    Case("there", EXIST, ONE, Status.PASSED, "uploads exists", {"s3.head_bucket": {}}),
    Case("not there", EXIST, ONE, Status.FAILED, "answered 404", {"s3.head_bucket": aws_error("404", "Not Found", 404)}),
    Case("somebody else's", EXIST, ONE, Status.UNKNOWN, "403", {"s3.head_bucket": aws_error("403", "Forbidden", 403)}),
    Case("none named", EXIST, {"buckets": []}, Status.UNKNOWN, "nothing could be judged", {}),
    Case("versions", VERSIONS, ONE, Status.PASSED, "'Enabled'", {"s3.get_bucket_versioning": {"Status": "Enabled"}}),
    Case("never had any", VERSIONS, ONE, Status.FAILED, "absent, wanted", {"s3.get_bucket_versioning": {}}),
    Case("stopped", VERSIONS, ONE, Status.FAILED, "'Suspended'", {"s3.get_bucket_versioning": {"Status": "Suspended"}}),
    Case("no bucket", VERSIONS, ONE, Status.FAILED, "does not exist", {"s3.get_bucket_versioning": NO_BUCKET}),
    Case("denied", VERSIONS, ONE, Status.UNKNOWN, "AccessDenied", {"s3.get_bucket_versioning": DENIED}),
    Case("any algorithm", SEALED, ONE, Status.PASSED, "with AES256", encryption(SSEAlgorithm="AES256")),
    Case("the algorithm", SEALED, ONE | {"algorithm": "aws:kms"}, Status.PASSED, "with aws:kms", KMS),
    Case("the key", SEALED, ONE | {"key": "alias/uploads"}, Status.PASSED, "with aws:kms", KMS),
    Case("another key", SEALED, ONE | {"key": "alias/other"}, Status.FAILED, "wanted alias/other", KMS),
    Case("another algorithm", SEALED, ONE | {"algorithm": "aws:kms"}, Status.FAILED, "wanted aws:kms",
         encryption(SSEAlgorithm="AES256")),
    Case("no algorithm", SEALED, ONE, Status.FAILED, "wanted any", encryption()),
    Case("no encryption", SEALED, ONE, Status.FAILED, "not found",
         {"s3.get_bucket_encryption": aws_error("ServerSideEncryptionConfigurationNotFoundError", "was not found", 404)}),
    Case("denied", SEALED, ONE, Status.UNKNOWN, "AccessDenied", {"s3.get_bucket_encryption": DENIED}),
    Case("closed", CLOSED, ONE, Status.PASSED, "among 4", public()),
    Case("one of four open", CLOSED, ONE, Status.FAILED, "BlockPublicPolicy", public(BlockPublicPolicy=False)),
    Case("never closed", CLOSED, ONE, Status.FAILED, "NoSuchPublicAccessBlock",
         {"s3.get_public_access_block": aws_error("NoSuchPublicAccessBlockConfiguration", status=404)}),
    Case("denied", CLOSED, ONE, Status.UNKNOWN, "AccessDenied", {"s3.get_public_access_block": DENIED}),
    Case("logs", LOGGED, ONE, Status.PASSED, "logs to logs", {"s3.get_bucket_logging": TARGET}),
    Case("logs nowhere", LOGGED, ONE, Status.FAILED, "nowhere", {"s3.get_bucket_logging": {}}),
    Case("denied", LOGGED, ONE, Status.UNKNOWN, "AccessDenied", {"s3.get_bucket_logging": DENIED}),
    Case("locked", LOCKED, ONE, Status.PASSED, "0 days", lock(ObjectLockEnabled="Enabled")),
    Case("long enough", LOCKED, ONE | {"days": 30}, Status.PASSED, "30 days", RETAINED),
    Case("too short", LOCKED, ONE | {"days": 31}, Status.FAILED, "wanted at least 31", RETAINED),
    Case("years", LOCKED, ONE | {"days": 365}, Status.PASSED, "365 days",
         lock(ObjectLockEnabled="Enabled", Rule={"DefaultRetention": {"Years": 1}})),
    Case("not locked", LOCKED, ONE, Status.FAILED, "wanted Enabled", lock()),
    Case("no lock", LOCKED, ONE, Status.FAILED, "NotFoundError",
         {"s3.get_object_lock_configuration": aws_error("ObjectLockConfigurationNotFoundError", status=404)}),
    Case("denied", LOCKED, ONE, Status.UNKNOWN, "AccessDenied", {"s3.get_object_lock_configuration": DENIED}),
    Case("a rule", LIFE, ONE, Status.PASSED, "rotate in force", rules(("rotate", "Enabled"))),
    Case("the rule", LIFE, ONE | {"rule": "rotate"}, Status.PASSED, "rotate in force", rules(("rotate", "Enabled"))),
    Case("another rule", LIFE, ONE | {"rule": "other"}, Status.FAILED, "wanted rule other", rules(("rotate", "Enabled"))),
    Case("switched off", LIFE, ONE, Status.FAILED, "no rule in force", rules(("rotate", "Disabled"))),
    Case("no rule", LIFE, ONE, Status.FAILED, "NoSuchLifecycle",
         {"s3.get_bucket_lifecycle_configuration": aws_error("NoSuchLifecycleConfiguration", status=404)}),
    Case("denied", LIFE, ONE, Status.UNKNOWN, "AccessDenied", {"s3.get_bucket_lifecycle_configuration": DENIED}),
    Case("to another region", COPIED, ONE, Status.PASSED, "far of eu-west-1", replication("far")),
    Case("to the same region", COPIED, ONE, Status.FAILED, "of the same region", replication("near")),
    Case("same region will do", COPIED, ONE | {"other_region": False}, Status.PASSED, "copied to near", replication("near")),
    Case("switched off", COPIED, ONE, Status.FAILED, "no replication rule", replication("far", "Disabled")),
    Case("no replication", COPIED, ONE, Status.FAILED, "NotFoundError",
         {"s3.get_bucket_replication": aws_error("ReplicationConfigurationNotFoundError", status=404)}),
    Case("the copy's place is denied", COPIED, ONE, Status.UNKNOWN, "AccessDenied",
         replication("far") | {"s3.get_bucket_location": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
