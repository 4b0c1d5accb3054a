"""Damages that the checks before a deploy of kalendlytic can see: documents, configuration, secrets, rights."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from deployments.sandbox.damage import Damage, Edit, edited, faulty
from deployments.sandbox.emulator_names import CALLER
from deployments.sandbox.world import World

from . import platform
from .project import NAME, SUFFIXES, change_config, pristine_config


def configured(name: str, description: str, field: str, wrong: Any) -> Damage:
    """A damage by one field of every environment's configuration file."""

    def break_(world: World) -> None:
        for suffix in SUFFIXES:
            change_config(world, suffix, **{field: wrong})

    def repair(world: World) -> None:
        for suffix in SUFFIXES:
            change_config(world, suffix, **{field: pristine_config(suffix)[field]})

    return Damage(name, description, "before", break_, repair)


def put_secret(world: World, name: str, value: str, kind: str = "SecureString") -> None:
    """Give a secret another value, in every environment."""
    ssm = world.client("ssm")
    for suffix in SUFFIXES:
        path = f"/kalendlytic/{suffix}/{name}"
        ssm.delete_parameter(Name=path)
        ssm.put_parameter(Name=path, Value=value, Type=kind)


def set_again(name: str, world: World) -> None:
    """Give a secret a good value again."""
    for suffix in SUFFIXES:
        world.client("ssm").delete_parameter(Name=f"/kalendlytic/{suffix}/{name}")
        platform.set_secrets(world, suffix, (name,))


def secret(name: str, description: str, parameter: str, value: str, kind: str = "SecureString") -> Damage:
    """A damage by one secret of every environment."""
    return Damage(
        name,
        description,
        "before",
        lambda world: put_secret(world, parameter, value, kind),
        partial(set_again, parameter),
    )


def forbid_updates(world: World) -> None:
    """Take from the release the right to update stacks."""
    denied = {"Effect": "Deny", "Action": "cloudformation:UpdateStack", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [denied]})
    world.client("iam").put_user_policy(UserName=CALLER, PolicyName="frozen", PolicyDocument=policy)


def allow_updates(world: World) -> None:
    """Undo ``forbid_updates``."""
    world.client("iam").delete_user_policy(UserName=CALLER, PolicyName="frozen")


BEFORE = (
    configured("foreign-account", "The configuration names another AWS account.", "account", "210987654321"),
    configured("domain-placeholder", "Nobody has filled in the domain.", "domain", "REPLACE_ME.example.com"),
    edited(
        NAME,
        "rollback-undocumented",
        "before",
        "The document on rollbacks no longer says how to roll back.",
        Edit("docs/rollback.md", "## Rolling back\n", "## To do\n"),
    ),
    edited(
        NAME,
        "setting-undocumented",
        "before",
        "A setting has a new name, which the document on configuration does not know.",
        Edit("docs/configuration.md", "`logRetentionDays`", "`logRetention`"),
    ),
    secret(
        "bedrock-key-unset", "The Bedrock key still has the default that the scripts gave it.", "BEDROCK_API_KEY", "CHANGE_ME"
    ),
    secret("jwt-secret-short", "The secret that signs tokens has eight characters.", "JWT_SECRET", "q8Zr-2Lw"),
    secret(
        "webhook-secret-plain", "The webhook's secret is readable by all.", "WEBHOOK_SECRET", "w" * 12 + "Zq81" * 8, "String"
    ),
    Damage("updates-forbidden", "The release may not update stacks.", "before", forbid_updates, allow_updates),
    faulty(
        "parameters-denied", "before", "The release may not ask Parameter Store anything.", {"service": "ssm", "deny": True}
    ),
)
