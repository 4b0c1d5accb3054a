from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import thing
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

READY, TLS = "kubernetes.ingresses.ready", "kubernetes.ingresses.tls_configured"
WEB = {"ingresses": ["web"], "namespace": "shop"}
HOST = "shop.example.com"
BOTH = {"tls.crt": "LS0tIHB1YmxpYyAtLS0=", "tls.key": "LS0tIHByaXZhdGUgLS0t"}
HALF = {"tls.crt": "eA=="}
NAME, IP = {"hostname": "lb.example.com"}, {"ip": "192.0.2.1"}
DENIED = refusing("ingresses.networking.k8s.io")
RULES = {"rules": [{"host": HOST}]}
COVERED = {**RULES, "tls": [{"hosts": [HOST], "secretName": "web-tls"}]}


def ingress(spec: dict[str, object], *addresses: dict[str, str]) -> dict[str, object]:
    return thing("networking.k8s.io/v1", "Ingress", "web", spec=spec, status={"loadBalancer": {"ingress": list(addresses)}})


def secret(data: dict[str, str]) -> dict[str, object]:
    return thing("v1", "Secret", "web-tls", data=data)


CASES = [
    Case("addressed", READY, WEB, Status.PASSED, "lb.example.com", server=cluster(ingress(RULES, NAME))),
    Case("routes the host", READY, {**WEB, "hosts": [HOST]}, Status.PASSED, HOST, server=cluster(ingress(RULES, IP))),
    Case("lacks a host", READY, {**WEB, "hosts": ["x"]}, Status.FAILED, "lacks x", server=cluster(ingress(RULES, IP))),
    Case("no address yet", READY, WEB, Status.FAILED, "no address yet", server=cluster(ingress(RULES))),
    Case("not there", READY, WEB, Status.FAILED, "no web", server=cluster()),
    Case("denied", READY, WEB, Status.UNKNOWN, "403", server=DENIED),
    Case("status malformed", READY, WEB, Status.UNKNOWN, "no field 'loadBalancer'",
         server=cluster({**ingress(RULES), "status": {"x": 1}})),
    Case("covered", TLS, WEB, Status.PASSED, "web-tls has tls.crt, tls.key", server=cluster(ingress(COVERED), secret(BOTH))),
    Case("key is missing", TLS, WEB, Status.FAILED, "lacks tls.key", server=cluster(ingress(COVERED), secret(HALF))),
    Case("secret is missing", TLS, WEB, Status.FAILED, 'secrets "web-tls" not found', server=cluster(ingress(COVERED))),
    Case("no certificate", TLS, WEB, Status.FAILED, f"no certificate for {HOST}", server=cluster(ingress(RULES))),
    Case("denied", TLS, WEB, Status.UNKNOWN, "403", server=DENIED),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
