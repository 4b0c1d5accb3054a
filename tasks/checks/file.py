"""Files of the system's checkout: there, and filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, Literal

from tasks.connect.files import Files
from tasks.core.judges import every, listed, none, show
from tasks.core.redaction import Unshown
from tasks.core.registry import check
from tasks.core.settings_files import at, flat, is_placeholder, quoted
from tasks.core.verdicts import Verdict, failed, passed, unknown, worst

Format = Literal["email", "arn", "url", "number", "aws-account", "region"]

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
    ``path`` is a JSON, YAML, dotenv or tfvars file relative to the system's checkout; ``keys`` are dotted, such as
    throttling.rateLimit; ``formats`` says of a key that its value is an email, arn, url, number, aws-account or region. Reads
    the file; its values become facts under their keys, save those of dotenv and tfvars files, which may be secrets.

    Example:
        check: file.values_set
        with: {path: infrastructure/config/prod.json, keys: [cognitoUserPoolId], formats: {alarmEmail: email}}

    """
    wanted = formats or {}
    content = files.values(path)
    return every("key", dict.fromkeys([*(keys or ()), *wanted]), lambda key: _set(path, key, at(content, key), wanted.get(key)))


@check(remedy="Set the value in the file to one of the allowed ones.")
def value_in(files: Files, *, path: str, key: str, allowed: list[str]) -> Verdict:
    """The value in the file is one of those that are allowed.

    ``path`` is a JSON, YAML, dotenv or tfvars file relative to the system's checkout, ``key`` is dotted; values are compared as
    text. Reads the file.

    Example:
        check: file.value_in
        with: {path: infrastructure/config/prod.json, key: region, allowed: [us-east-1, eu-west-1]}

    """
    if not allowed:
        return unknown(f"The item does not say which values '{key}' in {path} may have.")
    seen = at(files.values(path), key)
    if not isinstance(seen, (str, int, float)):
        return failed(f"'{key}' in {path} is {show(_kind(seen))}, wanted one of {listed(allowed)}.")
    verdict = passed if str(seen) in allowed else failed
    return verdict(f"'{key}' in {path} is {show(quoted(key, seen))}, wanted one of {listed(allowed)}.")


@check(remedy="Replace the values that the sentence names, in the file that it names.")
def no_placeholders(files: Files, *, path: str, keys: list[str] | None = None) -> Verdict:
    """No value of the file is a placeholder, and none of the named ones is empty.

    A template that was copied and half filled in deploys a system that talks to nobody.
    ``path`` is a JSON, YAML, dotenv or tfvars file relative to the system's checkout; ``keys`` are dotted keys that must be
    there and filled in. Reads the file; names are shown, values are not.

    Example:
        check: file.no_placeholders
        with: {path: content-generator/.env.production, keys: [DATABASE_URL, REDIS_URL]}

    """
    content = flat(files.values(path))
    left = [key for key, value in content.items() if isinstance(value, str) and is_placeholder(value.strip())]
    unset = [key for key in keys or () if content.get(key) in (None, "", [], {})]
    verdicts = [none(f"placeholders in {path}", left, len(content))]
    return worst([*verdicts, none(f"values that are not filled in in {path}", unset, len(keys))] if keys else verdicts)


@check(remedy="Set the values that the sentence names, in the file that it names.")
def settings_equal(files: Files, *, path: str, values: dict[str, str]) -> Verdict:
    """Every setting in the file has the wished value.

    A debug mode or a mock service that was left on works in every test and fails in production.
    ``path`` is a JSON, YAML, dotenv or tfvars file relative to the system's checkout; ``values`` are the wished values by
    dotted key, compared as text: true and "true" are the same. Reads the file.

    Example:
        check: file.settings_equal
        with: {path: content-generator/.env.production, values: {DEBUG: "false", DRY_RUN: "false"}}

    """
    content = files.values(path)

    def as_wished(key: str) -> Verdict:
        seen = at(content, key)
        text = None if seen is None else str(seen).lower() if isinstance(seen, bool) else str(seen)
        verdict = passed if text is not None and text == values[key] else failed
        shown = None if text is None else quoted(key, text)
        return verdict(f"'{key}' in {path} is {show(shown)}, wanted {show(quoted(key, values[key]))}.")

    return every("setting", values, as_wished)


@check(remedy="diff <path> <like>")
def settings_match(files: Files, *, path: str, like: str, may_differ: list[str] | None = None) -> Verdict:
    """Two files have the same settings: the same names, and the same values save those that may differ.

    What was tested with other settings than production has was not tested for production.
    ``path`` and ``like`` are JSON, YAML, dotenv or tfvars files relative to the workspace; ``may_differ`` are dotted keys, or
    beginnings of such with a * at the end, whose values may differ. Reads both files; names are shown, values are not.

    Example:
        check: file.settings_match
        with: {path: config/staging.json, like: config/production.json, may_differ: [environment, domain, "alarms.*"]}

    """
    here, there = flat(files.values(path)), flat(files.values(like))
    free = {key for key in here if any(fnmatchcase(key, pattern) for pattern in may_differ or ())}
    other = [key for key in here if key in there and key not in free and here[key] != there[key]]
    names = [*(f"{key} (only in {path})" for key in here if key not in there)]
    names += [f"{key} (only in {like})" for key in there if key not in here]
    return worst(
        [
            none(f"settings that only one of {path} and {like} has", names, min(len(here), len(there))),
            none(f"settings of {path} with another value than in {like}", other, min(len(here), len(there))),
        ]
    )


@check(remedy="grep -n <word> <path>")
def none_of(files: Files, *, path: str, words: list[str]) -> Verdict:
    """None of the words stands in the file, in large or small letters.

    ``path`` is a text file relative to the system's checkout; ``words`` are such as localhost or a test account's name. Reads
    the file.

    Example:
        check: file.none_of
        with: {path: content-generator/.env.production, words: [localhost, staging]}

    """
    if not words:
        return unknown(f"The item does not say which words must not be in {path}.")
    text = files.text(path).lower()
    return none(f"unwanted words in {path}", [word for word in words if word.lower() in text], len(text))


def _set(path: str, key: str, value: Any, form: str | None) -> Verdict:
    text = str(value).strip()
    if value is None or not text or value in ([], {}):
        return failed(f"'{key}' in {path} is not filled in.")
    if not isinstance(value, (dict, list)) and is_placeholder(text):
        return failed(f"'{key}' in {path} is the placeholder {show(quoted(key, text))}.")
    if form is None:
        return passed(f"'{key}' in {path} is filled in.", {} if isinstance(value, (dict, list, Unshown)) else {key: text})
    name, pattern = _FORMATS[form]
    if isinstance(value, bool) or not pattern.fullmatch(text):
        return failed(f"'{key}' in {path} is {show(quoted(key, text))}, wanted {name}.")
    return passed(f"'{key}' in {path} is {name}.", {} if isinstance(value, Unshown) else {key: text})


def _kind(value: Any) -> str | None:
    return None if value is None else "no single value"
