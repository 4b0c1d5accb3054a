"""Who the release is to AWS, and where it works."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.judges import equal
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed


@check(permissions=("sts:GetCallerIdentity",), remedy="aws sts get-caller-identity")
def identity(aws: Aws, *, account: str = "") -> Verdict:
    """AWS knows the release's credentials, and they belong to the wished account.

    Everything else rests on them: a release with another account's credentials deploys into that account without a word.
    Reads sts:GetCallerIdentity. ``account`` is the twelve digits of the account, in quotes; empty accepts any.
    Facts: account, arn.

    Example:
        check: aws.sts.identity
        with: {account: "123456789012"}

    """
    seen = aws.sts.get_caller_identity()
    if account and seen["Account"] != account:
        return failed(f"The credentials belong to account {seen['Account']}, wanted account {account}.")
    facts = {"account": seen["Account"], "arn": seen["Arn"]}
    return passed(f"The credentials are {seen['Arn']} of account {seen['Account']}.", facts)


@check(remedy="export AWS_DEFAULT_REGION=<region>")
def region_selected(aws: Aws, *, region: str) -> Verdict:
    """The release works in the wished region.

    The same names exist in every region: in the wrong one all is deployed anew beside what was meant to be changed.
    Asks the AWS SDK which region its calls go to; no call is made.

    Example:
        check: aws.sts.region_selected
        with: {region: us-east-1}

    """
    return equal("The AWS region", aws.region, region)
