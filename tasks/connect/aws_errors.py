"""The AWS SDK's errors in our words, once for every door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from tasks.core.errors import Absent, Denied, EvidenceError, GatesError, Malformed, Throttled, Unreachable

T = TypeVar("T")

_THROTTLED = {
    "Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException", "RequestLimitExceeded",
    "ProvisionedThroughputExceededException", "RequestThrottled", "SlowDown", "LimitExceededException",
    "PriorRequestNotComplete",
}  # fmt: skip
_DENIED = {
    "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "AuthorizationErrorException",
    "Forbidden", "NotAuthorizedException", "UnrecognizedClientException", "InvalidClientTokenId", "SignatureDoesNotMatch",
    "ExpiredToken", "ExpiredTokenException", "OptInRequired", "403",
}  # fmt: skip
_LONGEST = 200
_ABSENT_ENDINGS = ("NotFoundException", "NotFound", "NotFoundFault", "NotFoundError", "DoesNotExist")


def translated(service: str, operation: str, ask: Callable[[], T]) -> T:
    """``ask()``, with whatever the SDK raises told as one of our errors."""
    from botocore import exceptions as sdk
    from botocore.parsers import ResponseParserError

    try:
        return ask()
    except sdk.ClientError as error:
        raise _told(service, operation, error.response) from error
    except (sdk.NoCredentialsError, sdk.PartialCredentialsError, sdk.ProfileNotFound, sdk.TokenRetrievalError) as error:
        raise Denied(
            f"No AWS credentials for {service} {operation}: {_one_line(error)} Run `aws sts get-caller-identity`."
        ) from error
    except sdk.NoRegionError as error:
        raise Denied(f"No AWS region for {service} {operation}: set AWS_DEFAULT_REGION.") from error
    except (sdk.ConnectionError, sdk.HTTPClientError) as error:
        raise Unreachable(f"AWS {service} {operation} was not reached: {_one_line(error)}") from error
    except (sdk.ParamValidationError, sdk.UnknownServiceError) as error:
        raise EvidenceError(f"AWS {service} {operation} was asked wrongly: {_one_line(error)}") from error
    except (sdk.BotoCoreError, ResponseParserError, ValueError) as error:  # a proxy's page, a number that is none
        told = _one_line(str(error)[:_LONGEST])
        raise Malformed(f"AWS {service} {operation} answered what the SDK cannot read: {told}") from error
    except AttributeError as error:
        raise EvidenceError(f"AWS {service} has no operation {operation}.") from error


def _told(service: str, operation: str, response: Mapping[str, Any]) -> GatesError:
    code = str(response.get("Error", {}).get("Code", ""))
    message = f"AWS {service} {operation} answered {code}: {_one_line(response.get('Error', {}).get('Message', ''))}"
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in _THROTTLED:
        return Throttled(message)
    if code in _DENIED:
        return Denied(message)
    if _says_absent(operation, code, message):
        return Absent(message)
    return Unreachable(message) if status >= 500 else EvidenceError(message)


def _says_absent(operation: str, code: str, message: str) -> bool:
    """Whether AWS itself says that the thing does not exist.

    S3 answers HEAD with a bare 404; anywhere else that is the page of a proxy or a wrong endpoint, which knows nothing.
    CloudFormation says ValidationError for a stack that is not there.
    """
    if code == "ValidationError":
        return "does not exist" in message
    return code.startswith("NoSuch") or code.endswith(_ABSENT_ENDINGS) or (code == "404" and operation.startswith("head_"))


def _one_line(text: object) -> str:
    line = " ".join(str(text).split())
    return line if line.endswith(".") else f"{line}."
