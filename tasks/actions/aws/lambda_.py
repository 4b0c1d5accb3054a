"""Moving an alias of Lambda functions to what was deployed last, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasks.actions.aws.waiting import until
from tasks.connect.aws import AwsWriter
from tasks.core.errors import Absent, ActionError
from tasks.core.registry import Done, Settled, action

_LATEST = "$LATEST"
_PATIENCE_SECONDS = 300.0


def before(aws: AwsWriter, *, functions: list[str], alias: str) -> dict[str, Any]:
    """The version that the alias leads to, by function; None where there is no such alias."""
    return {name: _version(aws, name, alias) for name in functions}


def settled(aws: AwsWriter, *, before: Mapping[str, Any], functions: list[str], alias: str) -> Settled:
    """Done when every alias moved and leads to the newest code; not done when none moved; otherwise unknown."""
    moved = [_version(aws, name, alias) != before[name] for name in functions]
    if not any(moved):
        return "not done"
    newest = all(_code(aws, name, alias) == _code(aws, name, _LATEST) for name in functions if _version(aws, name, alias))
    return "done" if all(moved) and newest else "unknown"


def undo(aws: AwsWriter, *, before: Mapping[str, Any], functions: list[str], alias: str) -> str:
    """Lead every alias back to its version of before, and delete those that were not there. Versions are kept."""
    for name in functions:
        earlier, now = before[name], _version(aws, name, alias)
        if earlier is None and now is not None:
            aws.lambda_.delete_alias(FunctionName=name, Name=alias)
        elif earlier is not None and now != earlier:
            _lead(aws, name, alias, earlier, exists=now is not None)
    told = ", ".join(f"{name} {before[name] or 'none'}" for name in functions)
    return f"Alias {alias} leads where it led before the release: {told}."


@action(
    remedy="aws lambda get-alias --function-name <function> --name <alias>",
    before=before,
    settled=settled,
    undo=undo,
    permissions=(
        "lambda:CreateAlias",
        "lambda:DeleteAlias",
        "lambda:GetAlias",
        "lambda:GetFunctionConfiguration",
        "lambda:PublishVersion",
        "lambda:UpdateAlias",
    ),
)
def publish_alias(aws: AwsWriter, *, functions: list[str], alias: str) -> Done:
    """Publish the newest code of the functions as a version, and have the alias lead to it.

    Callers that use the alias get the new code from one moment to the next, and the old one as quickly when it is undone.
    ``functions`` are names, ``alias`` is such as live. Undone by leading the alias back. Facts: the version of each function.

    Example:
        action: aws.lambda.publish_alias
        with: {functions: [document-workflow-start-prod], alias: live}

    """
    if not functions:
        raise ActionError(f"The item names no function for alias {alias}.")
    versions: dict[str, str] = {}
    for name in functions:
        _at_rest(aws, name)
        versions[name] = str(aws.lambda_.publish_version(FunctionName=name)["Version"])
        _lead(aws, name, alias, versions[name], exists=_version(aws, name, alias) is not None)
    return Done(f"Alias {alias} leads to {', '.join(f'{name} {version}' for name, version in versions.items())}.", versions)


def _lead(aws: AwsWriter, function: str, alias: str, version: str, *, exists: bool) -> None:
    place = {"FunctionName": function, "Name": alias, "FunctionVersion": version}
    if exists:
        aws.lambda_.update_alias(**place)
    else:
        aws.lambda_.create_alias(**place)


def _at_rest(aws: AwsWriter, function: str) -> None:
    """Wait for an update of the code that is still going on; one that failed is refused."""

    def status() -> str:
        return str(aws.lambda_.get_function_configuration(FunctionName=function).get("LastUpdateStatus", "Successful"))

    ended = until(f"updating {function}", status, lambda seen: seen != "InProgress", _PATIENCE_SECONDS)
    if ended != "Successful":
        raise ActionError(f"The last update of function {function} is {ended}; nothing of it is published.")


def _version(aws: AwsWriter, function: str, alias: str) -> str | None:
    try:
        return str(aws.lambda_.get_alias(FunctionName=function, Name=alias)["FunctionVersion"])
    except Absent:
        return None


def _code(aws: AwsWriter, function: str, qualifier: str) -> str:
    """The digest of the code behind an alias or a version."""
    return str(aws.lambda_.get_function_configuration(FunctionName=function, Qualifier=qualifier)["CodeSha256"])
