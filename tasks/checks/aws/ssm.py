"""Parameter Store: the parameters that a system starts with."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer, only
from tasks.core.judges import every, recent
from tasks.core.registry import check
from tasks.core.strength import weakness
from tasks.core.verdicts import Verdict, failed, passed

_DESCRIBES = ("ssm:DescribeParameters",)


@check(permissions=_DESCRIBES, remedy="aws ssm describe-parameters --parameter-filters Key=Name,Values=<name>")
def parameters_exist(aws: Aws, *, names: list[str]) -> Verdict:
    """Every parameter exists.

    A system that misses one fails at its start, or goes on with a default that nobody chose.
    Reads ssm:DescribeParameters once a parameter; values are not read. ``names`` are full names.

    Example:
        check: aws.ssm.parameters_exist
        with: {names: [/app/prod/JWT_SECRET]}

    """
    return every("parameter", names, lambda name: passed(f"Parameter {name} exists as {_parameter(aws, name)['Type']}."))


@check(permissions=_DESCRIBES, remedy="aws ssm put-parameter --name <name> --type SecureString --overwrite --value …")
def encrypted(aws: Aws, *, names: list[str], key: str = "") -> Verdict:
    """Every parameter is a SecureString.

    A plain String is shown to everyone who may list parameters.
    Reads ssm:DescribeParameters once a parameter; values are not read. ``key`` is the end of the KMS key's ARN or alias that
    must seal it; empty accepts any.

    Example:
        check: aws.ssm.encrypted
        with: {names: [/app/prod/JWT_SECRET], key: alias/app-prod}

    """

    def sealed(name: str) -> Verdict:
        seen = _parameter(aws, name)
        if seen["Type"] != "SecureString":
            return failed(f"Parameter {name} is a {seen['Type']}, wanted a SecureString.")
        if key and not str(seen["KeyId"]).endswith(key):
            return failed(f"Parameter {name} is sealed by {seen['KeyId']}, wanted {key}.")
        return passed(f"Parameter {name} is a SecureString sealed by {seen.get('KeyId') or 'a key of AWS'}.")

    return every("parameter", names, sealed)


@check(permissions=_DESCRIBES, remedy="aws ssm put-parameter --name <name> --type SecureString --overwrite --value …")
def changed_within(aws: Aws, *, names: list[str], days: float) -> Verdict:
    """Every parameter was given its value within the last days.

    Secrets that never change are known to all who have ever left.
    Reads ssm:DescribeParameters once a parameter; values are not read. ``days`` counts back from the sample.

    Example:
        check: aws.ssm.changed_within
        with: {names: [/app/prod/JWT_SECRET], days: 90}

    """
    return every(
        "parameter",
        names,
        lambda name: recent(f"Parameter {name}", _parameter(aws, name)["LastModifiedDate"], aws.now, days * 24),
    )


@check(
    permissions=("ssm:GetParameter", "kms:Decrypt"),
    remedy="aws ssm put-parameter --name <name> --type SecureString --overwrite --value …",
)
def values_strong(aws: Aws, *, names: list[str], shortest: int = 1) -> Verdict:
    """Every parameter has a value that is no placeholder and is long enough.

    Scripts that create parameters leave placeholders behind, and the system starts with them.
    Reads ssm:GetParameter once a parameter. The value is judged and never shown. ``shortest`` is in characters.

    Example:
        check: aws.ssm.values_strong
        with: {names: [/app/prod/JWT_SECRET], shortest: 32}

    """

    def strong(name: str) -> Verdict:
        value = str(aws.ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])
        wrong = weakness(value, shortest)
        return failed(f"The value of parameter {name} {wrong}.") if wrong else passed(f"Parameter {name} has a value.")

    return every("parameter", names, strong)


def _parameter(aws: Aws, name: str) -> Answer:
    wanted = [{"Key": "Name", "Option": "Equals", "Values": [name]}]
    found: Answer = only("parameter", aws.ssm.describe_parameters(ParameterFilters=wanted)["Parameters"], "Name", name)
    return found
