"""CloudFront distributions: served everywhere, over TLS only, with the headers that browsers heed."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.errors import Absent
from tasks.core.judges import every, includes
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_READS = ("cloudfront:ListDistributions",)
_SAFE = ["TLSv1.2_2019", "TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"]
_HEADERS = ["StrictTransportSecurity", "ContentTypeOptions", "FrameOptions"]


@check(permissions=_READS, remedy="aws cloudfront wait distribution-deployed --id <id>")
def deployed(aws: Aws, *, distributions: list[str]) -> Verdict:
    """Every distribution is enabled and its last change has reached all places.

    Until then some users get the old site and some the new one.
    Reads cloudfront:ListDistributions. ``distributions`` are IDs, aliases or ``….cloudfront.net`` names. Facts:
    distribution_id, distribution_domain.

    Example:
        check: aws.cloudfront.deployed
        with: {distributions: [app.example.com]}

    """

    def served(name: str) -> Verdict:
        seen = found_distribution(aws, name)
        if seen["Enabled"] is not True:
            return failed(f"Distribution {name} is disabled.")
        if seen["Status"] != "Deployed":
            return failed(f"Distribution {name} is {seen['Status']}, wanted Deployed.")
        facts = {"distribution_id": str(seen["Id"]), "distribution_domain": str(seen["DomainName"])}
        return passed(f"Distribution {name} is Deployed as {seen['DomainName']}.", facts)

    return every("distribution", distributions, served)


@check(permissions=_READS, remedy="aws cloudfront get-distribution-config --id <id>")
def https_only(aws: Aws, *, distribution: str, protocols: list[str] | None = None) -> Verdict:
    """The distribution answers over TLS only, in a version that is still safe.

    What is sent in the clear can be read and changed on the way.
    Reads cloudfront:ListDistributions. ``distribution`` is an ID, an alias or a ``….cloudfront.net`` name; ``protocols`` are
    the accepted minimum versions, by default TLS 1.2 of 2019 and later.

    Example:
        check: aws.cloudfront.https_only
        with: {distribution: app.example.com}

    """
    seen = found_distribution(aws, distribution)
    behaviours = [seen["DefaultCacheBehavior"], *seen.get("CacheBehaviors", {}).get("Items", [])]
    clear = [str(each.get("PathPattern", "*")) for each in behaviours if each["ViewerProtocolPolicy"] == "allow-all"]
    if clear:
        return failed(f"Distribution {distribution} answers without TLS under {', '.join(clear)}.")
    minimum = str(seen["ViewerCertificate"]["MinimumProtocolVersion"])
    if minimum not in (protocols or _SAFE):
        return failed(f"Distribution {distribution} accepts {minimum}, wanted {' or '.join(protocols or _SAFE)}.")
    return passed(f"Distribution {distribution} answers over TLS only, {minimum} or later.")


@check(
    permissions=(*_READS, "cloudfront:GetResponseHeadersPolicy"), remedy="aws cloudfront get-response-headers-policy --id <id>"
)
def security_headers_set(aws: Aws, *, distribution: str, headers: list[str] = _HEADERS) -> Verdict:
    """Every behaviour of the distribution adds the headers that protect browsers.

    They keep a page from being framed, its types from being guessed, and a later visit from going without TLS.
    Reads cloudfront:ListDistributions and cloudfront:GetResponseHeadersPolicy. ``headers`` are of StrictTransportSecurity,
    ContentTypeOptions, FrameOptions, ContentSecurityPolicy, ReferrerPolicy, XSSProtection.

    Example:
        check: aws.cloudfront.security_headers_set
        with: {distribution: app.example.com, headers: [StrictTransportSecurity, ContentSecurityPolicy]}

    """
    seen = found_distribution(aws, distribution)
    behaviours = [seen["DefaultCacheBehavior"], *seen.get("CacheBehaviors", {}).get("Items", [])]

    def protected(behaviour: Answer) -> Verdict:
        path, policy = behaviour.get("PathPattern", "*"), behaviour.get("ResponseHeadersPolicyId")
        if not policy:
            return failed(f"Distribution {distribution} adds no header under {path}.")
        found = aws.cloudfront.get_response_headers_policy(Id=policy)["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]
        return includes(f"The headers of {distribution} under {path}", found.get("SecurityHeadersConfig", {}), headers)

    return every("behaviour", behaviours, protected)


def found_distribution(aws: Aws, name: str) -> Answer:
    """The distribution with this ID, alias or domain. Raises ``Absent``."""
    for each in aws.cloudfront.list_distributions().get("DistributionList", {}).get("Items", []):
        if name in (each["Id"], each["DomainName"], *each.get("Aliases", {}).get("Items", [])):
            found: Answer = each
            return found
    raise Absent(f"There is no distribution {name}.")
