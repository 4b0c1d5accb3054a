"""Small checklists as text, and what comes of reading them."""

from pathlib import Path
from textwrap import dedent, indent
from typing import Any

from checklists.binding import Request, bind
from checklists.loader import Loaded, load
from checklists.plan import Plan
from tasks.core.errors import DefinitionError, DefinitionErrors

HEAD = """\
checklist: small
title: Small
parameters:
  region: {default: us-east-1}
  custom_domain: {default: ""}
  refresh: {type: boolean, default: true}
  hosts: {default: alpha}
environments:
  staging: {values: {suffix: stage, sizes: [1, 2], zone: a}, on_failure: ask}
  production: {values: {suffix: prod, sizes: [3]}}
roles: {deployer: deploys, manager: decides}
waive_by: manager
"""
PHASE = """\
phases:
  - phase: deploy
    title: Deployment
    sections:
      - title: Tables
        items:
"""


def small(items: str, more: str = "") -> str:
    """A checklist of one phase with one section of these items, and further keys at the end."""
    return HEAD + PHASE + indent(dedent(items), " " * 10) + dedent(more)


def loaded(folder: Path, text: str, name: str = "small") -> Loaded:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def mistakes(folder: Path, text: str, name: str = "small") -> list[DefinitionError]:
    """What is wrong with the text; each mistake in one line."""
    try:
        loaded(folder, text, name)
    except DefinitionErrors as error:
        return error.errors
    return []


def bound(folder: Path, text: str, environment: str = "staging", **answers: Any) -> Plan:
    return bind(loaded(folder, text), Request(environment, "1.2.0", "rita", "CHG-7", answers))
