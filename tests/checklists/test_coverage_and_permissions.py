from pathlib import Path

import pytest

from checklists import permissions
from checklists.binding import bind
from checklists.catalogue_page import catalogue_page
from checklists.coverage import coverage
from checklists.loader import load
from checklists.permissions import iam_policy, kubernetes_roles, needed
from checklists.request import Request
from tasks.core.registry import definitions

SESSION_MANAGEMENT = load(Path(__file__).parents[2] / "checklists" / "session-management.yaml")
PLAN = bind(SESSION_MANAGEMENT, Request("production", "1.0.0", "rita"))
WRITES = ("Create", "Update", "Delete", "Put", "AdminCreate", "AdminDelete", "AdminSet")


def test_every_line_is_counted_once() -> None:
    rows = coverage(SESSION_MANAGEMENT)

    assert (sum(row.lines for row in rows), sum(row.counts["automated"] for row in rows)) == (116, 98)


@pytest.mark.parametrize(("environment", "spared"), [("development", 22), ("staging", 21), ("production", 15)])
def test_lines_that_do_not_apply_somewhere_are_counted_apart(environment: str, spared: int) -> None:
    rows = coverage(SESSION_MANAGEMENT, environment)

    assert sum(row.counts["not applicable"] for row in rows) == spared
    assert sum(row.lines for row in rows) == 116


def test_checks_need_no_permission_that_writes() -> None:
    actions = [action for statement in iam_policy(needed(PLAN, actions=False))["Statement"] for action in statement["Action"]]

    assert actions
    assert not [action for action in actions if action.partition(":")[2].startswith(WRITES)]


def test_the_deploying_role_needs_more_than_the_checks() -> None:
    assert set(needed(PLAN, actions=True)) - set(needed(PLAN, actions=False)) >= {"cloudformation:UpdateStack"}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"key": "aws-secret:shop/prod#jwt"}, {"secretsmanager:GetSecretValue"}),
        ({"references": ["env:A", "aws-parameter:/shop/key"]}, {"ssm:GetParameter"}),
        ({"url": "https://example.com", "count": 3, "key": "env:A"}, set()),
    ],
    ids=["a secret", "a parameter in a list", "none of AWS"],
)
def test_following_a_reference_needs_permission(arguments: dict[str, object], expected: set[str]) -> None:
    assert permissions._followed(arguments) == expected


@pytest.mark.parametrize(
    ("permission", "rule"),
    [
        ("kubernetes:list apps/v1/deployments", {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["list"]}),
        ("kubernetes:list v1/pods", {"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]}),
        ("kubernetes:patch <resource>", {"apiGroups": ["*"], "resources": ["*"], "verbs": ["patch"]}),
        ("kubernetes:get /readyz", {"nonResourceURLs": ["/readyz"], "verbs": ["get"]}),
    ],
    ids=["a resource of a group", "a resource of the core", "whatever a file holds", "a path"],
)
def test_a_kubernetes_permission_becomes_a_rule(permission: str, rule: dict[str, list[str]]) -> None:
    (role,) = kubernetes_roles([permission], "reader")["items"]

    assert role["rules"] == [rule]


def test_what_stands_in_no_namespace_needs_a_cluster_role() -> None:
    asked = ["v1/nodes", "v1/pods", "/version", "external-secrets.io/v1/clustersecretstores", "apps/v1/deployments"]
    roles = kubernetes_roles([f"kubernetes:get {each}" for each in asked], "reader")["items"]
    named = {
        role["kind"]: [name for rule in role["rules"] for name in rule.get("resources", rule.get("nonResourceURLs"))]
        for role in roles
    }

    assert named == {"ClusterRole": ["/version", "clustersecretstores", "nodes"], "Role": ["deployments", "pods"]}


def test_the_page_has_every_definition() -> None:
    page = catalogue_page()

    assert not [each.id for kind in ("check", "action") for each in definitions(kind) if f"### {each.id}\n" not in page]  # type: ignore[arg-type]
