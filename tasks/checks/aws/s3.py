"""S3 buckets: there, and protecting what is in them."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.judges import at_least, equal, every, listed, none
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_PUBLIC_ACCESS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


@check(permissions=("s3:ListBucket",), remedy="aws s3api head-bucket --bucket <bucket>")
def buckets_exist(aws: Aws, *, buckets: list[str]) -> Verdict:
    """Every bucket exists and the release may look into it.

    Names of buckets are shared by all accounts: one that is refused belongs to somebody else, or to us without the right to it.
    Reads s3:HeadBucket once a bucket.

    Example:
        check: aws.s3.buckets_exist
        with: {buckets: [cdk-assets-prod]}

    """

    def there(name: str) -> Verdict:
        aws.s3.head_bucket(Bucket=name)
        return passed(f"Bucket {name} exists.")

    return every("bucket", buckets, there)


@check(
    permissions=("s3:GetBucketVersioning",),
    remedy="aws s3api put-bucket-versioning --bucket <bucket> --versioning-configuration Status=Enabled",
)
def versioning_on(aws: Aws, *, buckets: list[str]) -> Verdict:
    """Every bucket keeps the versions of its objects.

    Without it an object that a bad release overwrites or deletes is gone.
    Reads s3:GetBucketVersioning once a bucket.

    Example:
        check: aws.s3.versioning_on
        with: {buckets: [uploads-prod]}

    """

    def kept(name: str) -> Verdict:
        # A bucket that was never versioned answers with no field at all.
        return equal(f"Versioning of bucket {name}", aws.s3.get_bucket_versioning(Bucket=name).get("Status"), "Enabled")

    return every("bucket", buckets, kept)


@check(
    permissions=("s3:GetEncryptionConfiguration",),
    remedy="aws s3api put-bucket-encryption --bucket <bucket> --server-side-encryption-configuration …",
)
def encrypted(aws: Aws, *, buckets: list[str], algorithm: str = "", key: str = "") -> Verdict:
    """Every bucket encrypts what is put into it.

    An auditor asks for it, and an own key can be withdrawn when data must become unreadable.
    Reads s3:GetBucketEncryption once a bucket. ``algorithm`` is AES256, aws:kms or aws:kms:dsse; ``key`` is the end of the KMS
    key's ARN or alias; empty accepts any.

    Example:
        check: aws.s3.encrypted
        with: {buckets: [uploads-prod], algorithm: "aws:kms"}

    """

    def sealed(name: str) -> Verdict:
        rules = aws.s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
        defaults = [each.get("ApplyServerSideEncryptionByDefault", {}) for each in rules]
        kinds = [str(each.get("SSEAlgorithm", "")) for each in defaults]
        if not any(kinds) or (algorithm and algorithm not in kinds):
            return failed(f"Bucket {name} encrypts with {listed(kinds) or 'nothing'}, wanted {algorithm or 'any algorithm'}.")
        keys = [str(each.get("KMSMasterKeyID", "")) for each in defaults]
        if key and not any(each.endswith(key) for each in keys):
            return failed(f"Bucket {name} encrypts with key {listed(keys) or 'of AWS'}, wanted {key}.")
        return passed(f"Bucket {name} encrypts with {listed(kinds)}.")

    return every("bucket", buckets, sealed)


@check(
    permissions=("s3:GetBucketPublicAccessBlock",),
    remedy="aws s3api put-public-access-block --bucket <bucket> --public-access-block-configuration …",
)
def public_access_blocked(aws: Aws, *, buckets: list[str]) -> Verdict:
    """No bucket can be opened to the public, by whatever policy or list.

    One wrong line in a policy is enough to publish a bucket that does not refuse it.
    Reads s3:GetPublicAccessBlock once a bucket; all four of its settings must be on.

    Example:
        check: aws.s3.public_access_blocked
        with: {buckets: [uploads-prod]}

    """

    def closed(name: str) -> Verdict:
        seen = aws.s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
        return none(f"open settings of bucket {name}", [each for each in _PUBLIC_ACCESS if not seen[each]], len(_PUBLIC_ACCESS))

    return every("bucket", buckets, closed)


@check(permissions=("s3:GetBucketLogging",), remedy="aws s3api put-bucket-logging --bucket <bucket> --bucket-logging-status …")
def access_logging_on(aws: Aws, *, buckets: list[str]) -> Verdict:
    """Every bucket logs who reads and writes it.

    After a leak it is the only way to say what was taken.
    Reads s3:GetBucketLogging once a bucket.

    Example:
        check: aws.s3.access_logging_on
        with: {buckets: [uploads-prod]}

    """

    def logged(name: str) -> Verdict:
        target = aws.s3.get_bucket_logging(Bucket=name).get("LoggingEnabled", {}).get("TargetBucket")
        return passed(f"Bucket {name} logs to {target}.") if target else failed(f"Bucket {name} logs nowhere.")

    return every("bucket", buckets, logged)


@check(
    permissions=("s3:GetBucketObjectLockConfiguration",),
    remedy="aws s3api put-object-lock-configuration --bucket <bucket> --object-lock-configuration …",
)
def object_lock_on(aws: Aws, *, buckets: list[str], days: int = 0) -> Verdict:
    """Every bucket keeps its objects from being deleted or overwritten for a time.

    Neither a mistake nor an attacker with the account's keys can then remove a backup.
    Reads s3:GetObjectLockConfiguration once a bucket. ``days`` is the shortest default retention in days; 0 accepts a lock
    without one.

    Example:
        check: aws.s3.object_lock_on
        with: {buckets: [backups-prod], days: 30}

    """

    def locked(name: str) -> Verdict:
        seen = aws.s3.get_object_lock_configuration(Bucket=name)["ObjectLockConfiguration"]
        retention = seen.get("Rule", {}).get("DefaultRetention", {})
        if seen.get("ObjectLockEnabled") != "Enabled":
            return failed(f"Object lock of bucket {name} is {seen.get('ObjectLockEnabled', 'absent')}, wanted Enabled.")
        kept = retention.get("Days", 365 * retention.get("Years", 0))
        return at_least(f"Default retention of bucket {name}", kept, days, "days")

    return every("bucket", buckets, locked)


@check(
    permissions=("s3:GetLifecycleConfiguration",),
    remedy="aws s3api put-bucket-lifecycle-configuration --bucket <bucket> --lifecycle-configuration …",
)
def lifecycle_configured(aws: Aws, *, buckets: list[str], rule: str = "") -> Verdict:
    """Every bucket has a lifecycle rule that is in force.

    Without one logs and old versions are kept and paid for until someone notices.
    Reads s3:GetBucketLifecycleConfiguration once a bucket. ``rule`` is a rule's ID; empty accepts any.

    Example:
        check: aws.s3.lifecycle_configured
        with: {buckets: [logs-prod], rule: rotate-logs}

    """

    def cleaned(name: str) -> Verdict:
        found = _rules(aws, name)
        active = [str(each["ID"]) for each in found if each["Status"] == "Enabled"]
        if not active or (rule and rule not in active):
            wanted = f"rule {rule}" if rule else "any rule"
            return failed(f"Bucket {name} has {listed(active) or 'no rule'} in force, wanted {wanted}.")
        return passed(f"Bucket {name} has {listed(active)} in force.")

    return every("bucket", buckets, cleaned)


@check(
    permissions=("s3:GetReplicationConfiguration", "s3:GetBucketLocation"),
    remedy="aws s3api put-bucket-replication --bucket <bucket> --replication-configuration …",
)
def replicated(aws: Aws, *, buckets: list[str], other_region: bool = True) -> Verdict:
    """Every bucket is copied to a bucket of another region.

    When a region is down, or an account's data is destroyed, the copy is what is left.
    Reads s3:GetBucketReplication, and s3:GetBucketLocation of both buckets unless ``other_region`` is false: then a copy in
    the same region will do.

    Example:
        check: aws.s3.replicated
        with: {buckets: [uploads-prod]}

    """

    def copied(name: str) -> Verdict:
        rules = aws.s3.get_bucket_replication(Bucket=name)["ReplicationConfiguration"]["Rules"]
        targets = [str(each["Destination"]["Bucket"]).rpartition(":")[2] for each in rules if each["Status"] == "Enabled"]
        if not targets:
            return failed(f"Bucket {name} has no replication rule in force.")
        places = {target: _region(aws, target) for target in targets} if other_region else {}
        home = _region(aws, name) if other_region else ""
        if home in places.values():
            return failed(f"Bucket {name} of {home} is copied to {listed(targets)} of the same region, wanted another.")
        return passed(f"Bucket {name} is copied to {listed(targets)}{f' of {listed(places.values())}' if places else ''}.")

    return every("bucket", buckets, copied)


def _rules(aws: Aws, bucket: str) -> list[Answer]:
    rules: list[Answer] = aws.s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    return rules


def _region(aws: Aws, bucket: str) -> str:
    return str(aws.s3.get_bucket_location(Bucket=bucket).get("LocationConstraint") or "us-east-1")
