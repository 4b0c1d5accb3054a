"""Files of the system's checkout: there, and filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from tasks.connect.files import Files
from tasks.core.errors import Malformed
from tasks.core.judges import every, listed, show
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

Format = Literal["email", "arn", "url", "number", "aws-account", "region"]

_PLACEHOLDER = re.compile(
    r"<[^<>@]*>|\$\{|\{\{|(change|replace)[-_ ]?(me|this|with)(?![a-z])|placeholder"
    r"|^((todo|tbd|fixme)([:\s].*)?|none|null|n/a|\.\.\.|-|\?+|x{3,}|your[-_ ].*)$",
    re.IGNORECASE,
)
_FORMATS: Mapping[str, tuple[str, re.Pattern[str]]] = {
    "email": ("an e-mail address", re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")),
    "arn": ("an ARN", re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}|aws)?:\S+")),
    "url": ("a URL", re.compile(r"(https?|wss?)://[^\s/]+\S*")),
    "number": ("a number", re.compile(r"-?\d+(\.\d+)?")),
    "aws-account": ("an AWS account of twelve digits", re.compile(r"(?!0{12})\d{12}")),
    "region": ("an AWS region", re.compile(r"[a-z]{2}(-[a-z]+)+-\d")),
}


@check(remedy="Create the file in the system's checkout.")
def exists(files: Files, *, path: str) -> Verdict:
    """The file is there and is not empty.

    ``path`` is relative to the system's checkout. Reads the file's size in bytes.

    Example:
        check: file.exists
        with: {path: infrastructure/config/prod.json}

    """
    size = files.size(path)
    return passed(f"{path} has {size} bytes.") if size else failed(f"{path} is empty.")


@check(remedy="Fill in the values that the sentence names, in the file that it names.")
def values_set(files: Files, *, path: str, keys: list[str] | None = None, formats: dict[str, Format] | None = None) -> Verdict:
    """Every required value is filled in, and looks like what it is.

    A placeholder that was left in the file becomes a real setting of the deployed system.
    ``path`` is a JSON or YAML file relative to the system's checkout; ``keys`` are dotted, such as throttling.rateLimit;
    ``formats`` says of a key that its value is an email, arn, url, number, aws-account or region. Reads the file; its
    values become facts under their keys.

    Example:
        check: file.values_set
        with: {path: infrastructure/config/prod.json, keys: [cognitoUserPoolId], formats: {alarmEmail: email}}

    """
    wanted = formats or {}
    content = files.values(path)
    return every(
        "key", dict.fromkeys([*(keys or ()), *wanted]), lambda key: _set(path, key, _at(content, key), wanted.get(key))
    )


@check(remedy="Set the value in the file to one of the allowed ones.")
def value_in(files: Files, *, path: str, key: str, allowed: list[str]) -> Verdict:
    """The value in the file is one of those that are allowed.

    ``path`` is a JSON or YAML file relative to the system's checkout, ``key`` is dotted; values are compared as text.
    Reads the file.

    Example:
        check: file.value_in
        with: {path: infrastructure/config/prod.json, key: region, allowed: [us-east-1, eu-west-1]}

    """
    if not allowed:
        return unknown(f"The item does not say which values '{key}' in {path} may have.")
    seen = _at(files.values(path), key)
    if not isinstance(seen, (str, int, float)):
        return failed(f"'{key}' in {path} is {show(_kind(seen))}, wanted one of {listed(allowed)}.")
    verdict = passed if str(seen) in allowed else failed
    return verdict(f"'{key}' in {path} is {show(str(seen))}, wanted one of {listed(allowed)}.")


def _set(path: str, key: str, value: Any, form: str | None) -> Verdict:
    text = str(value).strip()
    if value is None or not text or value in ([], {}):
        return failed(f"'{key}' in {path} is not filled in.")
    if not isinstance(value, (dict, list)) and _PLACEHOLDER.search(text):
        return failed(f"'{key}' in {path} is the placeholder {show(text)}.")
    if form is None:
        return passed(f"'{key}' in {path} is filled in.", {} if isinstance(value, (dict, list)) else {key: text})
    name, pattern = _FORMATS[form]
    if isinstance(value, bool) or not pattern.fullmatch(text):
        return failed(f"'{key}' in {path} is {show(text)}, wanted {name}.")
    return passed(f"'{key}' in {path} is {name}.", {key: text})


def _at(content: Any, key: str) -> Any:
    """The value at a dotted key; None where there is none."""
    if not isinstance(content, dict):
        raise Malformed("The file holds no names and values.")
    if key in content:
        return content[key]
    first, _, rest = key.partition(".")
    inner = content.get(first)
    return _at(inner, rest) if rest and isinstance(inner, dict) else None


def _kind(value: Any) -> str | None:
    return None if value is None else "no single value"
