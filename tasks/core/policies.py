"""Resource policies of AWS, as far as a check must understand them."""

from __future__ import annotations

import fnmatch
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
