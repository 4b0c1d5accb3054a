"""Damages of the workflow: what gates before the apply see, what the next apply carries, what happens to what was deployed."""

from __future__ import annotations

import json
import secrets
from functools import partial

from deployments.sandbox import account
from deployments.sandbox.damage import Damage, Edit, edited, faulty
from deployments.sandbox.world import World

from . import platform, project

MAIN, FUNCTIONS, WORKFLOW = "terraform/main.tf", "terraform/functions.tf", "terraform/workflow.tf"
STORAGE, API, MONITORING = "terraform/storage.tf", "terraform/api.tf", "terraform/monitoring.tf"
VALUES, CALLBACK = "terraform/prod.tfvars", "src/workflow/callback.py"
RUNBOOKS = "docs/runbooks.md"
ALARM = "workflow-prod-executions-failed"
_CATCH = '          Catch          = [{ ErrorEquals = ["States.ALL"], Next = "NotDone" }]\n'
_NEXT = '          Next           = "Done"\n'
_DURATION = '    duration          = { namespace = "AWS/States", metric = "ExecutionTime"'
_THROTTLES = """\
    throttles         = { namespace = "AWS/DynamoDB", metric = "ThrottledRequests", statistic = "Sum", threshold = 0 }
"""

changed = partial(edited, project.NAME)


def release_staging(world: World, version: str) -> None:
    """Let staging's functions say that they are of that version."""
    client = world.client("lambda")
    for name in project.functions("staging"):
        variables = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        client.update_function_configuration(FunctionName=name, Environment={"Variables": {**variables, "VERSION": version}})


def set_token(world: World, value: str) -> None:
    """Give production's Jira token a new value."""
    world.client("secretsmanager").put_secret_value(SecretId="workflow/prod/jira-token", SecretString=value)


def let_in(world: World, *others: str) -> None:
    """Let these read production's Jira token beside those who may."""
    policy = json.dumps(platform.restricted_to([*platform.readers("prod"), *others]))
    world.client("secretsmanager").put_resource_policy(SecretId="workflow/prod/jira-token", ResourcePolicy=policy)


def move(world: World, old: str, new: str) -> None:
    """Rename a file of the project, unless it is done."""
    path = world.project(project.NAME) / old
    if path.exists():
        path.rename(world.project(project.NAME) / new)


def ring(world: World, state: str) -> None:
    """Set production's alarm on failed executions."""
    world.client("cloudwatch").set_alarm_state(AlarmName=ALARM, StateValue=state, StateReason="set by hand")


BEFORE = (
    Damage(
        "change-not-approved",
        "The change board has not approved the change yet.",
        "before",
        lambda world: platform.approve_change(world, "requested"),
        platform.approve_change,
    ),
    changed(
        "wrong-timeout-value",
        "before",
        "The production configuration ends executions after five minutes.",
        Edit(VALUES, "state_machine_timeout_seconds = 7200", "state_machine_timeout_seconds = 300"),
    ),
    Damage(
        "staging-behind",
        "Staging runs an older version than the one that is released.",
        "before",
        lambda world: release_staging(world, "1.0.0"),
        lambda world: release_staging(world, "1.1.0"),
    ),
    Damage(
        "token-weak",
        "The token for Jira is a word that anybody can guess.",
        "before",
        lambda world: set_token(world, "jira-2026"),
        lambda world: set_token(world, secrets.token_urlsafe(36)),
    ),
    Damage(
        "token-open",
        "Developers may read production's token for Jira.",
        "before",
        lambda world: let_in(world, f"arn:aws:iam::{account.ACCOUNT}:role/workflow-developers"),
        let_in,
    ),
    Damage(
        "audit-off",
        "The trail records nothing.",
        "before",
        lambda world: world.client("cloudtrail").stop_logging(Name=platform.TRAIL),
        lambda world: world.client("cloudtrail").start_logging(Name=platform.TRAIL),
    ),
    Damage(
        "runbooks-missing",
        "There are no runbooks.",
        "before",
        lambda world: move(world, RUNBOOKS, f"{RUNBOOKS}.away"),
        lambda world: move(world, f"{RUNBOOKS}.away", RUNBOOKS),
    ),
    changed(
        "locking-off",
        "before",
        "The state is not locked while it is changed.",
        Edit(MAIN, '    dynamodb_table = "workflow-terraform-locks"\n    use_path_style', "    use_path_style"),
    ),
    faulty("budgets-denied", "before", "The release may not ask for budgets.", {"service": "budgets", "deny": True}),
)

CARRIED = (
    changed(
        "wrong-timeout",
        "after",
        "The next apply gives the function that asks Jira 3 seconds instead of 60.",
        Edit(FUNCTIONS, "jira     = { timeout = 60,", "jira     = { timeout = 3,"),
    ),
    changed(
        "mock-jira",
        "after",
        "The next apply leads production to a mock of Jira.",
        Edit(VALUES, '"https://jira.example.com"', '"https://jira.mock.example.org"'),
    ),
    changed(
        "insights-off",
        "after",
        "The next apply takes Lambda Insights from the functions.",
        Edit(FUNCTIONS, "layers          = [local.insights]", "layers          = []"),
    ),
    changed(
        "catch-missing", "after", "The next apply lets errors end executions unhandled.", Edit(WORKFLOW, _CATCH + _NEXT, _NEXT)
    ),
    changed(
        "key-not-asked",
        "after",
        "The next apply lets anyone start executions.",
        Edit(API, 'key = true, model = "Execution"', 'key = false, model = "Execution"'),
    ),
    changed(
        "alarm-missing",
        "after",
        "The next apply removes the alarm on throttling.",
        Edit(MONITORING, _THROTTLES + _DURATION, _DURATION),
    ),
    changed(
        "recovery-off",
        "after",
        "The next apply turns the table's point-in-time recovery off.",
        Edit(STORAGE, "recovery = true", "recovery = false"),
    ),
    changed(
        "callback-broken",
        "after",
        "The next apply carries a callback that takes every answer of Jira for a no.",
        Edit(CALLBACK, 'if told["outcome"] == "done":', 'if told["outcome"] == "finished":'),
    ),
)

DEPLOYED = (
    Damage(
        "executions-failing",
        "Executions fail, and the alarm rings.",
        "after",
        lambda world: ring(world, "ALARM"),
        lambda world: ring(world, "OK"),
    ),
    Damage(
        "schedule-disabled",
        "Somebody has disabled the schedule by hand.",
        "after",
        lambda world: world.client("events").disable_rule(Name="workflow-prod-schedule"),
        lambda world: world.client("events").enable_rule(Name="workflow-prod-schedule"),
    ),
)

EVERY = (*BEFORE, *CARRIED, *DEPLOYED)
