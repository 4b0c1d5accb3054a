"""Secrets Manager: secrets that are there, changed, sealed, strong, and read by those who may."""

from __future__ import annotations

from collections.abc import Iterator

from tasks.checks.aws.iam import allowed, refused, whole_arn
from tasks.connect.aws import Aws
from tasks.core.answers import Answer, parsed
from tasks.core.judges import every, listed, recent
from tasks.core.policies import outsiders
from tasks.core.registry import check
from tasks.core.strength import weakness
from tasks.core.verdicts import Verdict, failed, passed, unknown

_DESCRIBES = ("secretsmanager:DescribeSecret",)
_OF_AWS = "alias/aws/secretsmanager"
_READS = "secretsmanager:GetSecretValue"
_SIMULATES = (*_DESCRIBES, "iam:SimulatePrincipalPolicy", "sts:GetCallerIdentity")


@check(permissions=("secretsmanager:ListSecrets",), remedy="aws secretsmanager list-secrets --max-results 1")
def in_use(aws: Aws, *, prefix: str = "", allow_empty: bool = False) -> Verdict:
    """Secrets Manager answers, and there are secrets in it.

    Reads secretsmanager:ListSecrets. ``prefix`` is the beginning of the secrets' names; no secret is unknown unless
    ``allow_empty``.

    Example:
        check: aws.secretsmanager.in_use
        with: {prefix: app/prod/}

    """
    narrowed = {"Filters": [{"Key": "name", "Values": [prefix]}]} if prefix else {}
    names = [str(each["Name"]) for each in aws.secretsmanager.list_secrets(**narrowed)["SecretList"]]
    if not names and not allow_empty:
        return unknown(f"Secrets Manager answers and has no secret under '{prefix}'.")
    return passed(f"Secrets Manager answers with {len(names)} secrets under '{prefix}'.")


@check(permissions=_DESCRIBES, remedy="aws secretsmanager describe-secret --secret-id <secret>")
def secrets_exist(aws: Aws, *, secrets: list[str]) -> Verdict:
    """Every secret exists and has a current value.

    A secret that was created and never filled, or that waits for its deletion, stops the system at its start.
    Reads secretsmanager:DescribeSecret once a secret; values are not read. ``secrets`` are names or ARNs.

    Example:
        check: aws.secretsmanager.secrets_exist
        with: {secrets: [app/prod/jira-token]}

    """

    def there(name: str) -> Verdict:
        seen = aws.secretsmanager.describe_secret(SecretId=name)
        if seen.get("DeletedDate"):
            return failed(f"Secret {name} waits for its deletion.")
        if not any("AWSCURRENT" in stages for stages in seen.get("VersionIdsToStages", {}).values()):
            return failed(f"Secret {name} has no current value.")
        return passed(f"Secret {name} exists and has a value.")

    return every("secret", secrets, there)


@check(permissions=_DESCRIBES, remedy="aws secretsmanager rotate-secret --secret-id <secret> --rotation-rules …")
def rotation_on(aws: Aws, *, secrets: list[str], at_most_days: int = 0) -> Verdict:
    """Every secret is changed by itself.

    A secret that only people change is not changed.
    Reads secretsmanager:DescribeSecret once a secret. ``at_most_days`` is the longest period in days; 0 accepts any.

    Example:
        check: aws.secretsmanager.rotation_on
        with: {secrets: [app/prod/jira-token], at_most_days: 90}

    """

    def rotated(name: str) -> Verdict:
        seen = aws.secretsmanager.describe_secret(SecretId=name)
        if seen.get("RotationEnabled") is not True:  # omitted where it never was
            return failed(f"Rotation of secret {name} is off.")
        days = seen["RotationRules"].get("AutomaticallyAfterDays")
        if at_most_days and days is None:
            return unknown(f"Secret {name} is rotated by {seen['RotationRules']}, which names no days to compare.")
        if at_most_days and days > at_most_days:
            return failed(f"Secret {name} is rotated every {days} days, wanted every {at_most_days}.")
        return passed(f"Secret {name} is rotated{f' every {days} days' if days else ''}.")

    return every("secret", secrets, rotated)


@check(
    permissions=("secretsmanager:ListSecretVersionIds",), remedy="aws secretsmanager put-secret-value --secret-id <secret> …"
)
def changed_within(aws: Aws, *, secrets: list[str], days: float) -> Verdict:
    """The current value of every secret was written within the last days.

    Reads secretsmanager:ListSecretVersionIds once a secret; values are not read. A changed description or tag does not count.
    ``days`` counts back from the sample.

    Example:
        check: aws.secretsmanager.changed_within
        with: {secrets: [app/prod/jira-token], days: 30}

    """

    def fresh(name: str) -> Verdict:
        versions = aws.secretsmanager.list_secret_version_ids(SecretId=name)["Versions"]
        current = [each for each in versions if "AWSCURRENT" in each.get("VersionStages", [])]
        if not current:
            return failed(f"Secret {name} has no current value.")
        return recent(f"The current value of secret {name}", current[0]["CreatedDate"], aws.now, days * 24)

    return every("secret", secrets, fresh)


@check(permissions=_DESCRIBES, remedy="aws secretsmanager update-secret --secret-id <secret> --kms-key-id <key>")
def encrypted_with(aws: Aws, *, secrets: list[str], key: str = "") -> Verdict:
    """Every secret is sealed with a KMS key of our own.

    Each secret is sealed; only with an own key can the right to read be taken away at the key as well.
    Reads secretsmanager:DescribeSecret once a secret. ``key`` is the end of the key's ARN or alias; empty accepts any key but
    that of AWS.

    Example:
        check: aws.secretsmanager.encrypted_with
        with: {secrets: [app/prod/jira-token], key: alias/app-prod}

    """

    def sealed(name: str) -> Verdict:
        seen = str(aws.secretsmanager.describe_secret(SecretId=name).get("KmsKeyId") or _OF_AWS)  # omitted for AWS's own
        good = seen.endswith(key) if key else not seen.endswith(_OF_AWS)
        return (
            passed(f"Secret {name} is sealed with {seen}.")
            if good
            else failed(f"Secret {name} is sealed with {seen}, wanted {key or 'a key of our own'}.")
        )

    return every("secret", secrets, sealed)


@check(permissions=(_READS, "kms:Decrypt"), remedy="aws secretsmanager get-random-password --exclude-punctuation")
def values_strong(
    aws: Aws, *, secrets: list[str], shortest: int = 32, fields: list[str] | None = None, differ_from: list[str] | None = None
) -> Verdict:
    """Every secret's value is long, no placeholder, and used nowhere else.

    A guessable token, or one that another environment knows too, protects nothing.
    Reads secretsmanager:GetSecretValue once a secret. Values are judged and never shown. ``shortest`` is in characters;
    ``fields`` narrows a secret that is a JSON object to these of its texts; no two values may be the same, nor be that of a
    secret under ``differ_from``.

    Example:
        check: aws.secretsmanager.values_strong
        with: {secrets: [app/prod/jira-token], shortest: 32, differ_from: [app/staging/jira-token]}

    """
    elsewhere = {value for name in differ_from or [] for _, value in _values(aws, name, [])}
    values = [pair for name in secrets for pair in _values(aws, name, fields or [])]

    def strong(pair: tuple[str, str]) -> Verdict:
        name, value = pair
        wrong = weakness(value, shortest)
        if wrong:
            return failed(f"The value of secret {name} {wrong}.")
        twins = [other for other, same in values if same == value and other != name]
        if twins or value in elsewhere:
            return failed(f"The value of secret {name} is used by {listed(twins or differ_from or [])} too.")
        return passed(f"The value of secret {name} has {len(value)} characters and is used nowhere else that was looked at.")

    return every("value", values, strong)


@check(
    permissions=("secretsmanager:GetResourcePolicy",),
    remedy="aws secretsmanager put-resource-policy --secret-id <secret> --resource-policy …",
)
def policy_restricted(aws: Aws, *, secrets: list[str], principals: list[str]) -> Verdict:
    """Every secret has a policy of its own, and that lets in only the principals on the list.

    Without one every role of the account whose IAM policy is too wide reads the secret.
    Reads secretsmanager:GetResourcePolicy once a secret. ``principals`` are ARNs, with ``*`` for any part of one, or service
    names.

    Example:
        check: aws.secretsmanager.policy_restricted
        with: {secrets: [app/prod/jira-token], principals: ["arn:aws:iam::123456789012:role/app-prod"]}

    """

    def restricted(name: str) -> Verdict:
        text = aws.secretsmanager.get_resource_policy(SecretId=name).get("ResourcePolicy")
        if not text:
            return failed(f"Secret {name} has no policy of its own, so any role that IAM lets reads it.")
        others = outsiders(parsed(text, f"The policy of secret {name}"), principals)
        if others:
            return failed(f"The policy of secret {name} lets in {listed(others)}.")
        return passed(f"The policy of secret {name} lets in nobody but {listed(principals) or 'nobody'}.")

    return every("secret", secrets, restricted)


@check(permissions=_SIMULATES, remedy="aws iam simulate-principal-policy --policy-source-arn <arn> --action-names " + _READS)
def readable_by(aws: Aws, *, secrets: list[str], principals: list[str]) -> Verdict:
    """Every one of the roles may read every secret.

    Reads secretsmanager:DescribeSecret and iam:SimulatePrincipalPolicy. ``principals`` are ARNs or their ends, such as
    ``role/app-prod``. The secret's own policy is not simulated.

    Example:
        check: aws.secretsmanager.readable_by
        with: {secrets: [app/prod/jira-token], principals: [role/app-prod]}

    """
    return every("access", _accesses(aws, secrets, principals), lambda pair: allowed(aws, pair[0], _READS, pair[1]))


@check(permissions=_SIMULATES, remedy="aws iam simulate-principal-policy --policy-source-arn <arn> --action-names " + _READS)
def unreadable_by(aws: Aws, *, secrets: list[str], principals: list[str]) -> Verdict:
    """None of the roles may read any of the secrets.

    Reads secretsmanager:DescribeSecret and iam:SimulatePrincipalPolicy. ``principals`` are ARNs or their ends, such as
    ``role/developer``. The secret's own policy is not simulated.

    Example:
        check: aws.secretsmanager.unreadable_by
        with: {secrets: [app/prod/jira-token], principals: [role/developer]}

    """
    return every("access", _accesses(aws, secrets, principals), lambda pair: refused(aws, pair[0], _READS, pair[1]))


def _accesses(aws: Aws, secrets: list[str], principals: list[str]) -> list[tuple[str, str]]:
    # Only a secret's whole ARN, with its random end, is what a policy is matched against.
    arns = [str(aws.secretsmanager.describe_secret(SecretId=name)["ARN"]) for name in secrets]
    return [(whole_arn(aws, each), arn) for each in principals for arn in arns]


def _values(aws: Aws, name: str, fields: list[str]) -> Iterator[tuple[str, str]]:
    text = str(aws.secretsmanager.get_secret_value(SecretId=name)["SecretString"])
    if not text.lstrip().startswith("{"):
        yield name, text
        return
    inside: Answer = parsed(text, f"The value of secret {name}")
    for field in fields or [each for each, value in inside.items() if isinstance(value, str)]:
        yield f"{name} {field}", str(inside[field])
