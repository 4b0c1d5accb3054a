"""Objects of S3 buckets: how long they are kept, and whether the newest is there and copied. For backups above all."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.errors import Absent, EvidenceError
from tasks.core.judges import at_least, at_most, recent
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, worst

_MOST_OBJECTS = 10000


@check(permissions=("s3:GetLifecycleConfiguration",), remedy="aws s3api get-bucket-lifecycle-configuration --bucket <bucket>")
def expire(aws: Aws, *, bucket: str, prefix: str = "", at_least_days: int = 1, at_most_days: int = 36500) -> Verdict:
    """Objects of the bucket are kept as long as promised and no longer.

    Too short loses the backup that is needed; too long breaks a promise about personal data.
    Reads s3:GetBucketLifecycleConfiguration. ``prefix`` is the beginning of the objects' names that the rule must be about;
    rules for the whole bucket count for each prefix, rules for tagged objects only do not. Both limits are in days.

    Example:
        check: aws.s3_objects.expire
        with: {bucket: backups-prod, prefix: postgres/, at_least_days: 30, at_most_days: 90}

    """
    rules = aws.s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    days = [
        int(each["Expiration"]["Days"])
        for each in rules
        if each["Status"] == "Enabled" and "Days" in each.get("Expiration", {}) and _is_about(each, prefix)
    ]
    if not days:
        return failed(f"No rule in force of bucket {bucket} expires objects under '{prefix}'.")
    what = f"Retention of objects under '{prefix}' of bucket {bucket}"
    # Where several rules apply, S3 expires an object at the earliest.
    return worst([at_least(what, min(days), at_least_days, "days"), at_most(what, min(days), at_most_days, "days")])


@check(permissions=("s3:ListBucket",), remedy="aws s3 ls s3://<bucket>/<prefix> --recursive")
def newest_recent(aws: Aws, *, bucket: str, prefix: str = "", hours: float = 26, smallest_bytes: int = 1) -> Verdict:
    """The newest object under the prefix is recent and not empty.

    A backup job that stopped, or writes empty files, is found out on the day of the restore otherwise.
    Reads s3:ListObjectsV2. ``hours`` is the oldest that the newest object may be; ``smallest_bytes`` its smallest size.
    A prefix with more than 10000 objects is unknown: narrow it. Facts: newest_object.

    Example:
        check: aws.s3_objects.newest_recent
        with: {bucket: backups-prod, prefix: postgres/, hours: 26, smallest_bytes: 1000000}

    """
    newest = _newest(aws, bucket, prefix)
    name = f"s3://{bucket}/{newest['Key']}"
    both = worst(
        [
            recent(f"The newest object {name}", newest["LastModified"], aws.now, hours),
            at_least(f"Size of {name}", newest["Size"], smallest_bytes, "bytes"),
        ]
    )
    return both if both.status.keeps_gate_closed else passed(both.summary, {"newest_object": str(newest["Key"])})


@check(permissions=("s3:ListBucket", "s3:GetObject"), remedy="aws s3api head-object --bucket <copy> --key <newest object>")
def newest_copied(aws: Aws, *, bucket: str, copy_bucket: str, prefix: str = "") -> Verdict:
    """The newest object under the prefix is in the other bucket too, with the same size.

    A replication that is configured may still have stopped; the copy off site is what is left when the site is not.
    Reads s3:ListObjectsV2 of ``bucket`` and s3:HeadObject of ``copy_bucket``.

    Example:
        check: aws.s3_objects.newest_copied
        with: {bucket: backups-prod, copy_bucket: backups-prod-eu, prefix: postgres/}

    """
    newest = _newest(aws, bucket, prefix)
    copy = aws.s3.head_object.or_none(Bucket=copy_bucket, Key=newest["Key"])
    if copy is None:
        return failed(f"The newest object {newest['Key']} of bucket {bucket} is not in {copy_bucket}.")
    if copy["ContentLength"] != newest["Size"]:
        sizes = f"{copy['ContentLength']} bytes in {copy_bucket}, wanted {newest['Size']}"
        return failed(f"The newest object {newest['Key']} of bucket {bucket} has {sizes}.")
    return passed(f"The newest object {newest['Key']} of bucket {bucket} is in {copy_bucket} with {newest['Size']} bytes.")


def _newest(aws: Aws, bucket: str, prefix: str) -> Answer:
    found = aws.s3.list_objects_v2(Bucket=bucket, Prefix=prefix, PaginationConfig={"MaxItems": _MOST_OBJECTS})
    objects: list[Answer] = found.get("Contents", [])  # S3 omits it where there is none
    if len(objects) >= _MOST_OBJECTS:
        raise EvidenceError(f"s3://{bucket}/{prefix} has {_MOST_OBJECTS} objects or more; narrow the prefix.")
    if not objects:
        raise Absent(f"There is no object under s3://{bucket}/{prefix}.")
    return max(objects, key=lambda each: each["LastModified"].timestamp())


def _is_about(rule: Answer, prefix: str) -> bool:
    narrowed = rule.get("Filter", {})
    both = narrowed.get("And", {})
    if "Tag" in narrowed or "Tags" in both:
        return False
    return prefix.startswith(str(narrowed.get("Prefix") or both.get("Prefix") or rule.get("Prefix") or ""))
