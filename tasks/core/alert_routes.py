"""Alertmanager's routing: to whom an alert with such labels goes, as its configuration says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tasks.core.errors import Malformed

_MATCHER = re.compile(r"""^\s*["']?([\w:.]+)["']?\s*(=~|!~|!=|=)\s*(.*?)\s*$""", re.DOTALL)


def receivers_for(route: Mapping[str, Any], labels: Mapping[str, str]) -> list[str]:
    """Names of the receivers, in order. ``route`` is the top of the tree. Raises ``Malformed`` for what is no matcher."""
    return list(dict.fromkeys(_reached(route, labels, str(route.get("receiver", "")))))


def integrations(receiver: Mapping[str, Any]) -> set[str]:
    """The ways in which a receiver tells somebody: slack, pagerduty, email, webhook."""
    return {name.removesuffix("_configs") for name, value in receiver.items() if name.endswith("_configs") and value}


def _reached(route: Mapping[str, Any], labels: Mapping[str, str], inherited: str) -> Iterator[str]:
    """The first child that matches takes the alert, and further ones where it says continue; without any the route itself."""
    receiver = str(route.get("receiver") or inherited)
    taken = False
    for child in route.get("routes") or ():
        if all(_holds(each, labels) for each in _matchers(child)):
            taken = True
            yield from _reached(child, labels, receiver)
            if not child.get("continue", False):
                break
    if not taken:
        yield receiver


def _matchers(route: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    yield from ((name, "=", str(value)) for name, value in (route.get("match") or {}).items())
    yield from ((name, "=~", str(value)) for name, value in (route.get("match_re") or {}).items())
    for text in route.get("matchers") or ():
        matched = _MATCHER.match(text)
        if matched is None:
            raise Malformed(f"'{text}' is no matcher of a route of Alertmanager.")
        name, sign, value = matched.groups()
        yield name, sign, re.sub(r"\\(.)", r"\1", value[1:-1]) if value[:1] == '"' else value


def _holds(matcher: tuple[str, str, str], labels: Mapping[str, str]) -> bool:
    name, sign, wanted = matcher
    seen = labels.get(name, "")
    alike = re.fullmatch(wanted, seen) is not None if "~" in sign else seen == wanted
    return alike is not sign.startswith("!")
