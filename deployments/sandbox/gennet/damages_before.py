"""Damages that the checks before a deployment see: the gate stays closed."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from deployments.sandbox import edge_part, remainder_part
from deployments.sandbox.damage import Damage, Edit, edited, faulty
from deployments.sandbox.world import World

from . import cloud, cluster, network, project
from .naming import HOSTS, NAME, NAMESPACES, SUFFIXES


def _policy_missing(world: World) -> None:
    for suffix in SUFFIXES:
        project.run(world, "kubectl", "delete", "networkpolicy", "nobody", "-n", NAMESPACES[suffix])


def _prepared(world: World) -> None:
    """The namespaces as the project's manifests have them."""
    for suffix in SUFFIXES:
        project.prepare(world, suffix)


_PLAIN_TRAFFIC = edited(NAME, "", "before", "", Edit("kubernetes/policies.yaml", "{mode: STRICT}", "{mode: PERMISSIVE}"))


def _allow_plain_traffic(world: World) -> None:
    _PLAIN_TRAFFIC.break_(world)
    _prepared(world)


def _allow_none(world: World) -> None:
    _PLAIN_TRAFFIC.repair(world)
    _prepared(world)


def _unprotect(world: World) -> None:
    for suffix in SUFFIXES:
        network.unprotect(world, suffix)


def _protect(world: World) -> None:
    waf = world.client("wafv2")
    known = {each["Name"]: each["ARN"] for each in waf.list_web_acls(Scope="REGIONAL")["WebACLs"]}
    for suffix in SUFFIXES:
        waf.associate_web_acl(WebACLArn=known[f"{NAME}-{suffix}"], ResourceArn=network.load_balancer(world, suffix))


def _open_database(world: World, *, to_everyone: bool) -> None:
    for suffix in SUFFIXES:
        network.open_database(world.client("ec2"), suffix, to_everyone=to_everyone)


def _answer(world: World, operation: str, content: dict[str, Any]) -> None:
    remainder_part.lay(world, {operation: content})


def _certify(world: World, days: float) -> None:
    for host in HOSTS.values():
        edge_part.certify(world, host, days)


def _note_restore(world: World, **changed: Any) -> None:
    path = project.report(world, "restore.json")
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}, indent=2) + "\n")


def _open_issue(world: World) -> None:
    issue = {
        "number": 412,
        "title": "Networks of more than a million edges are cut off",
        "state": "open",
        "html_url": "https://github.com/gennet/platform/issues/412",
        "labels": [{"name": "blocker"}],
    }
    (world.directory / NAME / "issues.json").write_text(json.dumps([issue]))


def _close_issue(world: World) -> None:
    (world.directory / NAME / "issues.json").unlink(missing_ok=True)


_TOO_FEW = {"Quota": {"QuotaName": "as it was at first", "Value": 1.0}}
_DENIED = {"name": "no-deployments", "verb": "*", "resource": "deployments.apps", "namespace": "kube-system", "status": 403}

BEFORE = (
    Damage(
        "policy-missing",
        "Pods of the namespace accept traffic from anywhere: the policy that forbids all of it is gone",
        "before",
        _policy_missing,
        _prepared,
    ),
    Damage("mesh-permissive", "The mesh takes traffic that is not encrypted", "before", _allow_plain_traffic, _allow_none),
    Damage("firewall-missing", "No firewall stands before the load balancer", "before", _unprotect, _protect),
    Damage(
        "database-open",
        "The whole internet reaches the database's port",
        "before",
        partial(_open_database, to_everyone=True),
        partial(_open_database, to_everyone=False),
    ),
    Damage(
        "critical-vulnerability",
        "The scan of the images found something critical",
        "before",
        lambda world: _answer(world, "ecr.DescribeImageScanFindings", cloud.scanned(CRITICAL=1)),
        lambda world: _answer(world, "ecr.DescribeImageScanFindings", cloud.scanned()),
    ),
    Damage(
        "quota-small",
        "The account may have no more than it has",
        "before",
        lambda world: _answer(world, "servicequotas.GetServiceQuota", _TOO_FEW),
        lambda world: _answer(world, "servicequotas.GetServiceQuota", dict(cloud.ANSWERS["servicequotas.GetServiceQuota"])),
    ),
    Damage(
        "certificate-expired",
        "The public certificate expired yesterday",
        "before",
        lambda world: _certify(world, -1),
        lambda world: _certify(world, 90),
    ),
    Damage(
        "restore-failed",
        "The last test of a restore brought back too few rows",
        "before",
        lambda world: _note_restore(world, rows_restored=17),
        lambda world: _note_restore(world, rows_restored=4812),
    ),
    Damage("blocking-issue", "An issue with the label blocker is open", "before", _open_issue, _close_issue),
    Damage(
        "node-lost",
        "Nothing is heard of a node",
        "before",
        partial(cluster.set_node, ready=False),
        partial(cluster.set_node, ready=True),
    ),
    Damage(
        "cluster-denied",
        "The release may not read the cluster's own deployments",
        "before",
        lambda world: cluster.fail(world, _DENIED),
        cluster.fail,
    ),
    faulty("eks-denied", "before", "The release may not ask AWS about the cluster", {"service": "eks", "deny": True}),
    edited(
        NAME,
        "probe-missing",
        "before",
        "Containers cannot be asked whether they live",
        Edit("kubernetes/service.yaml", "livenessProbe: {httpGet: {path: /health, port: 8000}}", "# no livenessProbe yet"),
    ),
    edited(
        NAME,
        "setting-missing",
        "before",
        "Nobody says where the gateway finds the inference",
        Edit("config/prod.env", "INFERENCE_URL=http://inference:8000\n", "# INFERENCE_URL moved\n"),
    ),
    edited(
        NAME,
        "runbook-missing",
        "before",
        "An alert has no runbook",
        Edit("docs/runbooks.md", "## DatabaseDown", "## The database"),
    ),
)
