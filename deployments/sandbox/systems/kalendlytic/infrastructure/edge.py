"""What the public reaches: sign-in, firewall, distribution, name."""

from __future__ import annotations

from settings import Found, Resource, Settings

# CloudFront's own policies, the same in every account: cache nothing; cache what may be cached.
NO_CACHE = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
CACHE = "658327ea-f89d-4fab-a63d-7e88639e58f6"


def users(settings: Settings) -> dict[str, Resource]:
    password = {
        "MinimumLength": 12,
        "RequireLowercase": True,
        "RequireUppercase": True,
        "RequireNumbers": True,
        "RequireSymbols": True,
    }
    pool = {
        "UserPoolName": settings.name("kalendlytic-users"),
        "MfaConfiguration": settings.mfa,
        "EnabledMfas": ["SOFTWARE_TOKEN_MFA"],
        "Policies": {"PasswordPolicy": password},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
    }
    client = {
        "UserPoolId": {"Ref": "UserPool"},
        "ClientName": settings.name("kalendlytic-web"),
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    }
    return {
        "UserPool": {"Type": "AWS::Cognito::UserPool", "Properties": pool},
        "UserPoolClient": {"Type": "AWS::Cognito::UserPoolClient", "Properties": client},
    }


def rule(name: str, priority: int, **what: object) -> dict[str, object]:
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}
    return {"Name": name, "Priority": priority, "VisibilityConfig": seen, **what}


def firewall(settings: Settings) -> Resource:
    name = settings.name("kalendlytic")
    known = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}
    many = {"RateBasedStatement": {"Limit": 2000, "AggregateKeyType": "IP"}}
    properties = {
        "Name": name,
        "Scope": "CLOUDFRONT",
        "DefaultAction": {"Allow": {}},
        "VisibilityConfig": {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name},
        "Rules": [
            rule("known-attacks", 0, Statement=known, OverrideAction={"None": {}}),
            rule("too-many", 1, Statement=many, Action={"Block": {}}),
        ],
    }
    return {"Type": "AWS::WAFv2::WebACL", "Properties": properties}


def headers(settings: Settings) -> Resource:
    security = {
        "StrictTransportSecurity": {"AccessControlMaxAgeSec": 31536000, "IncludeSubdomains": True, "Override": True},
        "ContentTypeOptions": {"Override": True},
        "FrameOptions": {"FrameOption": "DENY", "Override": True},
        "ReferrerPolicy": {"ReferrerPolicy": "same-origin", "Override": True},
    }
    config = {"Name": settings.name("kalendlytic"), "SecurityHeadersConfig": security}
    return {"Type": "AWS::CloudFront::ResponseHeadersPolicy", "Properties": {"ResponseHeadersPolicyConfig": config}}


def behaviour(origin: str, cache: str, **more: object) -> dict[str, object]:
    return {
        "TargetOriginId": origin,
        "ViewerProtocolPolicy": "redirect-to-https",
        "CachePolicyId": cache,
        "ResponseHeadersPolicyId": {"Ref": "Headers"},
        **more,
    }


def distribution(settings: Settings, found: Found) -> Resource:
    api = {"Fn::Sub": f"${{Api}}.execute-api.{settings.region}.amazonaws.com"}
    web = f"{settings.bucket('web')}.s3.{settings.region}.amazonaws.com"
    custom = {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]}
    verbs = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    config = {
        "Enabled": True,
        "Aliases": [settings.domain],
        "DefaultRootObject": "index.html",
        "WebACLId": {"Fn::GetAtt": ["Firewall", "Arn"]},
        "Origins": [
            {"Id": "web", "DomainName": web, "S3OriginConfig": {"OriginAccessIdentity": ""}},
            {"Id": "api", "DomainName": api, "OriginPath": f"/{settings.environment}", "CustomOriginConfig": custom},
        ],
        "DefaultCacheBehavior": behaviour("web", CACHE),
        "CacheBehaviors": [behaviour("api", NO_CACHE, PathPattern="/api/*", AllowedMethods=verbs)],
        "ViewerCertificate": {
            "AcmCertificateArn": found.certificate,
            "SslSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        },
    }
    return {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}}


def record(settings: Settings) -> Resource:
    # Z2FDTNDATAQYW2 is the zone of every distribution.
    target = {"DNSName": {"Fn::GetAtt": ["Distribution", "DomainName"]}, "HostedZoneId": "Z2FDTNDATAQYW2"}
    properties = {
        "HostedZoneName": f"{settings.zone}.",
        "Name": f"{settings.domain}.",
        "Type": "A",
        "AliasTarget": target,
    }
    return {"Type": "AWS::Route53::RecordSet", "Properties": properties}


def edge(settings: Settings, found: Found) -> dict[str, Resource]:
    return {
        **users(settings),
        "Firewall": firewall(settings),
        "Headers": headers(settings),
        "Distribution": distribution(settings, found),
        "Record": record(settings),
    }
