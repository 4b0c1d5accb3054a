"""Every protocol of AWS names its operation in another place."""

from __future__ import annotations

import pytest

from deployments.sandbox.naming import Call, call


def signed(service: str, **more: str) -> dict[str, str]:
    scope = f"AWS4-HMAC-SHA256 Credential=key/20261121/us-east-1/{service}/aws4_request, SignedHeaders=host"
    return {"Authorization": scope, **{name.replace("_", "-"): value for name, value in more.items()}}


FORM = "application/x-www-form-urlencoded; charset=utf-8"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        pytest.param(
            ("POST", "/", "", signed("dynamodb", X_Amz_Target="DynamoDB_20120810.DescribeTable"), b"{}"),
            Call("dynamodb", "DescribeTable", "json"),
            id="a target header",
        ),
        pytest.param(
            ("POST", "/", "", signed("sns", Content_Type=FORM), b"Action=ListTopics&Version=2010-03-31"),
            Call("sns", "ListTopics", "query"),
            id="an action in a form",
        ),
        pytest.param(
            ("POST", "/", "", signed("ec2", Content_Type=FORM), b"Action=DescribeVpcs"),
            Call("ec2", "DescribeVpcs", "ec2"),
            id="EC2 has its own form of error",
        ),
        pytest.param(
            ("POST", "/service/GraniteServiceVersion20100801/operation/DescribeAlarms", "", signed("monitoring"), b""),
            Call("cloudwatch", "DescribeAlarms", "cbor"),
            id="the path of the CBOR protocol",
        ),
        pytest.param(
            ("GET", "/v2/apis/abc/routes", "", signed("apigateway"), b""),
            Call("apigatewayv2", "GetRoutes", "rest-json"),
            id="a REST path, of the second of two services with one name",
        ),
        pytest.param(
            ("GET", "/restapis", "", signed("apigateway"), b""),
            Call("apigateway", "GetRestApis", "rest-json"),
            id="a REST path, of the first",
        ),
        pytest.param(
            ("GET", "/2015-03-31/functions/arn%3Aaws%3Alambda%3Ax/configuration", "", signed("lambda"), b""),
            Call("lambda", "GetFunctionConfiguration", "rest-json"),
            id="a REST path with an encoded name",
        ),
        pytest.param(("PUT", "/bucket/a/key", "", signed("s3"), b""), Call("s3", "PutObject", "rest-xml"), id="S3 put"),
        pytest.param(
            ("PUT", "/bucket/a/key", "", signed("s3", x_amz_copy_source="/b/k"), b""),
            Call("s3", "CopyObject", "rest-xml"),
            id="S3 copy, told by a header",
        ),
        pytest.param(
            ("GET", "/bucket", "list-type=2&prefix=a", signed("s3"), b""),
            Call("s3", "ListObjectsV2", "rest-xml"),
            id="S3 list, told by a query key",
        ),
        pytest.param(("GET", "/", "", signed("s3"), b""), Call("s3", "ListBuckets", "rest-xml"), id="S3 buckets"),
        pytest.param(
            ("GET", "/pool/.well-known/jwks.json", "", {}, b""),
            Call("http", "GET /pool/.well-known/jwks.json", "rest-json"),
            id="no signature",
        ),
        pytest.param(
            ("GET", "/nowhere", "", signed("no-such-service"), b""),
            Call("no-such-service", "GET /nowhere", "json"),
            id="a service that botocore does not know",
        ),
    ],
)
def test_the_operation_is_named(request_: tuple[str, str, str, dict[str, str], bytes], expected: Call) -> None:
    actual = call(*request_)

    assert expected == actual
