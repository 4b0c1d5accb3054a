"""Resource policies of AWS, as far as a check must understand them."""

from __future__ import annotations

import fnmatch
from collections.abc import Collection
from typing import Any

from tasks.core.answers import Answer


def allows(policy: Answer, principal: str, action: str, source: str = "") -> bool:
    """Whether a statement lets the service ``principal`` do ``action``, and none forbids it.

    ``source`` is a part of the ARN that the request comes from; a statement for other sources does not count.
    """
    about = [each for each in _list(policy["Statement"]) if _concerns(each, principal, action, source)]
    return any(each["Effect"] == "Allow" for each in about) and not any(each["Effect"] == "Deny" for each in about)


def _concerns(statement: Answer, principal: str, action: str, source: str) -> bool:
    named = statement["Principal"]
    services = _list(named.get("Service", [])) if isinstance(named, dict) else [named]
    actions = [str(each).lower() for each in _list(statement["Action"])]
    if not {principal, "*"} & set(services) or not any(fnmatch.fnmatchcase(action.lower(), each) for each in actions):
        return False
    sources = _sources(statement)
    return not source or not sources or any(source in each for each in sources)


def _sources(statement: Answer) -> list[str]:
    return [
        str(arn)
        for conditions in statement.get("Condition", {}).values()
        for key, arns in conditions.items()
        if key.lower() == "aws:sourcearn"
        for arn in _list(arns)
    ]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def outsiders(policy: Answer, insiders: Collection[str]) -> list[str]:
    """The principals that some statement lets in and that are not among ``insiders``, which may hold ``*`` as a wildcard."""
    found: list[str] = []
    for statement in _list(policy["Statement"]):
        if statement["Effect"] == "Allow":
            found += _principals(statement)
    return [each for each in dict.fromkeys(found) if not any(fnmatch.fnmatchcase(each, known) for known in insiders)]


def broad_grants(policy: Answer) -> list[str]:
    """The actions that some statement allows for a whole service, or for all, on every resource.

    A statement about all resources but some is taken as one about all.
    """
    found: list[str] = []
    for statement in _list(policy["Statement"]):
        if statement["Effect"] == "Allow" and "*" in _list(statement.get("Resource", "*")):
            found += [each for each in _list(statement.get("Action", [])) if each == "*" or each.endswith(":*")]
            found += [f"all but {each}" for each in _list(statement.get("NotAction", []))]
    return found


def _principals(statement: Answer) -> list[str]:
    if "NotPrincipal" in statement:
        return [f"everyone but {statement['NotPrincipal']}"]
    named = statement["Principal"]
    return [str(one) for each in named.values() for one in _list(each)] if isinstance(named, dict) else [str(named)]
