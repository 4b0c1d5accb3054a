"""Certificates of AWS Certificate Manager: issued, good for long enough, and renewed without us."""

from __future__ import annotations

from datetime import timedelta

from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.errors import Absent
from tasks.core.judges import every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_READS = ("acm:ListCertificates", "acm:DescribeCertificate")
_KEY_TYPES = ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"]


@check(permissions=_READS, remedy="aws acm describe-certificate --certificate-arn <arn>")
def issued(aws: Aws, *, domains: list[str], days: float = 30, region: str = "") -> Verdict:
    """Every domain has an issued certificate that is good for the wished number of days.

    A certificate that expires takes the whole site with it.
    Reads acm:ListCertificates and acm:DescribeCertificate. Of several certificates the one that lasts longest counts; a
    wildcard covers one level. CloudFront takes certificates of ``region`` us-east-1 only.

    Example:
        check: aws.acm.issued
        with: {domains: [api.example.com], days: 30, region: us-east-1}

    """
    there = aws.in_region(region)

    def good(domain: str) -> Verdict:
        every_one = _certificates(there, domain)
        ready = [each for each in every_one if each["Status"] == "ISSUED"]
        if not ready:
            return failed(f"The certificate for {domain} is {every_one[0]['Status']}, wanted ISSUED.")
        last = max(each["NotAfter"] for each in ready)
        left = f"The certificate for {domain} expires on {last:%Y-%m-%d}, in {(last - aws.now).days} days"
        return passed(f"{left}.") if last - aws.now >= timedelta(days=days) else failed(f"{left}, wanted at least {days:g}.")

    return every("certificate", domains, good)


@check(permissions=_READS, remedy="aws acm describe-certificate --certificate-arn <arn> --query Certificate.RenewalEligibility")
def renewed_by_itself(aws: Aws, *, domains: list[str], region: str = "") -> Verdict:
    """AWS renews the certificate of every domain.

    An imported certificate, or one validated by mail, is renewed only if somebody remembers.
    Reads acm:ListCertificates and acm:DescribeCertificate. AWS renews a certificate that it issued itself and that is in use.

    Example:
        check: aws.acm.renewed_by_itself
        with: {domains: [api.example.com]}

    """

    def renewed(domain: str) -> Verdict:
        every_one = _certificates(aws.in_region(region), domain)
        if any(each["Status"] == "ISSUED" and each.get("RenewalEligibility") == "ELIGIBLE" for each in every_one):
            return passed(f"The certificate for {domain} is renewed by AWS.")
        seen = every_one[0]
        why = f"{seen['Status']}, {seen['Type']}, renewal {seen.get('RenewalEligibility', 'absent')}"
        return failed(f"The certificate for {domain} is not renewed by AWS: {why}.")

    return every("certificate", domains, renewed)


def _certificates(aws: Aws, domain: str) -> list[Answer]:
    # Without a list of key types ACM leaves all but the commonest out.
    found = aws.acm.list_certificates(Includes={"keyTypes": _KEY_TYPES})["CertificateSummaryList"]
    wildcard = f"*.{domain.partition('.')[2]}"
    arns = [
        each["CertificateArn"]
        for each in found
        if {domain, wildcard} & {each["DomainName"], *each.get("SubjectAlternativeNameSummaries", [])}
    ]
    if not arns:
        raise Absent(f"There is no certificate for {domain}.")
    return [aws.acm.describe_certificate(CertificateArn=arn)["Certificate"] for arn in arns]
