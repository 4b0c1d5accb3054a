"""Damages that the checks before a deploy can see: infrastructure, secrets, settings, partners, tests."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from deployments.sandbox import data_parts
from deployments.sandbox.damage import Damage, Edit
from deployments.sandbox.edge_part import certify
from deployments.sandbox.world import World

from . import cloud, data, project, secrets
from .damage import built, configured, partner, refusing
from .naming import DOMAINS, SUFFIXES, VERSION

_DATABASE_PORT = [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [cloud.ANYONE]}]
_BACKUP = "postgres/nightly.sql.gz"


def let_certificates_expire(world: World) -> None:
    """Show certificates that ran out yesterday."""
    for domain in DOMAINS.values():
        certify(world, domain, -1)


def renew_certificates(world: World) -> None:
    """Show good ones."""
    for domain in DOMAINS.values():
        certify(world, domain)


def open_database(world: World) -> None:
    """Open the database's port to everyone."""
    world.client("ec2").authorize_security_group_ingress(GroupId=cloud.security_group(world), IpPermissions=_DATABASE_PORT)


def close_database(world: World) -> None:
    """Close it again."""
    world.client("ec2").revoke_security_group_ingress(GroupId=cloud.security_group(world), IpPermissions=_DATABASE_PORT)


def let_plain_connections_in(world: World) -> None:
    """Have PostgreSQL take connections that are not encrypted."""
    data_parts.take_plain(world, plain=True)


def let_no_plain_connections_in(world: World) -> None:
    """Have it refuse them."""
    data_parts.take_plain(world, plain=False)


def take_rights_away(world: World) -> None:
    """Leave the application's user nothing but reading."""
    for suffix in SUFFIXES:
        data.withhold(world, suffix)


def give_rights_back(world: World) -> None:
    """Let it write again."""
    for suffix in SUFFIXES:
        data.grant(world, suffix)


def forget_on_restart(world: World) -> None:
    """Have Redis keep nothing on disk."""
    with data_parts.redis_client(world) as client:
        client.config_set("appendonly", "no")
        client.config_set("save", "")


def keep_over_restarts(world: World) -> None:
    """Have it keep its append-only file."""
    with data_parts.redis_client(world) as client:
        client.config_set("appendonly", "yes")


def stop_backups(world: World) -> None:
    """Leave no dump where the nightly job puts them."""
    for suffix in SUFFIXES:
        world.client("s3").delete_object(Bucket=cloud.bucket(suffix), Key=_BACKUP)


def make_backups(world: World) -> None:
    """Put last night's dump there."""
    for suffix in SUFFIXES:
        cloud.put_backup(world.client("s3"), cloud.bucket(suffix))


def weaken_jwt_secret(world: World) -> None:
    """Set a secret that somebody typed."""
    for suffix in SUFFIXES:
        world.client("secretsmanager").put_secret_value(SecretId=secrets.full(suffix, "jwt-secret"), SecretString="toombos2025")


def strengthen_jwt_secret(world: World) -> None:
    """Set one that nobody typed."""
    for suffix in SUFFIXES:
        secrets.renew(world.client("secretsmanager"), suffix, "jwt-secret")


def find_vulnerability(world: World) -> None:
    """Have the scanner find a critical hole in the next version's image."""
    hole = {"VulnerabilityID": "CVE-2026-10001", "PkgName": "openssl", "Severity": "CRITICAL", "FixedVersion": "3.5.9"}
    _scan(world, [hole])


def find_nothing(world: World) -> None:
    """Have it find none."""
    _scan(world, [])


def _scan(world: World, holes: list[dict[str, str]]) -> None:
    path = project.report_path(world, f"image-scan-{VERSION}")
    report = json.loads(path.read_text())
    report["Results"][0]["Vulnerabilities"] = holes
    project.write_report(world, path.stem, report)


def slow_load_test(world: World) -> None:
    """Have last night's load test miss the target."""
    project.write_report(world, "load-test-staging", project.load_result(p95_ms=840))


def good_load_test(world: World) -> None:
    """Have it meet the target."""
    project.write_report(world, "load-test-staging", project.load_result())


def fail_over_badly(world: World) -> None:
    """Have the service not survive the loss of its cache."""
    found = project.failover("cache", datetime.now(UTC))
    lost = {"before": {"steady_state_met": True}, "after": {"steady_state_met": False}}
    project.write_report(world, "failover-cache", {**found, "deviated": True, "steady_states": lost})


def fail_over_well(world: World) -> None:
    """Have it survive."""
    project.write_report(world, "failover-cache", project.failover("cache", datetime.now(UTC)))


def leave_staging_behind(world: World) -> None:
    """Have staging still run the version of production."""
    project.deploy(world, "staging", "1.0.0")


def bring_staging_on(world: World) -> None:
    """Have it run the next version."""
    project.deploy(world, "staging", VERSION)


BEFORE = (
    Damage(
        "certificate-expired",
        "The service shows a certificate that ran out.",
        "before",
        let_certificates_expire,
        renew_certificates,
    ),
    Damage("database-port-open", "The database's port is open to everyone.", "before", open_database, close_database),
    Damage(
        "database-unencrypted",
        "PostgreSQL takes connections that are not encrypted.",
        "before",
        let_plain_connections_in,
        let_no_plain_connections_in,
    ),
    Damage(
        "database-user-reads-only",
        "The application's user may no longer write.",
        "before",
        take_rights_away,
        give_rights_back,
    ),
    Damage("cache-not-kept", "Redis keeps nothing on disk.", "before", forget_on_restart, keep_over_restarts),
    Damage("backup-missing", "Last night's dump of the database is not there.", "before", stop_backups, make_backups),
    Damage("jwt-secret-weak", "The JWT secret is a word with a year.", "before", weaken_jwt_secret, strengthen_jwt_secret),
    partner("crm-key-revoked", "The CRM no longer takes the key that is stored.", "crm.halcytone.com", {"status": 401}),
    partner("openai-down", "OpenAI answers 503.", "api.openai.com", {"status": 503}),
    partner("document-access-lost", "The Google account may no longer read the document.", "document_access", "refused"),
    partner("ci-red", "The last run of the CI failed.", "ci", "failure"),
    partner(
        "critical-bug",
        "A critical bug is open.",
        "critical_issues",
        [{"number": 41, "title": "Texts are sent twice", "state": "open", "labels": [{"name": "critical"}]}],
    ),
    partner("nobody-on-call", "Nobody is on call.", "nobody_on_call", True),
    configured("debug-on", "The settings have debug mode on.", "DEBUG", "true"),
    configured("placeholder-left", "The settings still hold a placeholder.", "CRM_BASE_URL", "<https address>"),
    Damage("image-vulnerable", "The image has a critical hole.", "before", find_vulnerability, find_nothing),
    Damage("load-test-slow", "Last night's load test missed its target.", "before", slow_load_test, good_load_test),
    Damage("failover-failed", "The service did not survive the loss of its cache.", "before", fail_over_badly, fail_over_well),
    Damage("staging-behind", "Staging does not run this version.", "before", leave_staging_behind, bring_staging_on),
    refusing("cluster-denied", "The cluster lets nobody look at its nodes.", "before", resource="nodes", status=403),
    built(
        "integration-test-failing",
        "Texts are no longer kept in the cache, and an integration test says so.",
        Edit(
            "app/generator.py",
            'place, text, "EX", str(settings.cache_ttl_seconds))\n',
            'f"old:{place}", text, "EX", str(settings.cache_ttl_seconds))\n',
        ),
        "before",
    ),
)
