"""What stands around the workloads: endpoints, addresses, autoscalers, budgets, claims, synchronised secrets, metrics."""

from __future__ import annotations

import base64
import math
import secrets

from .cluster import Cluster, condition, fits, is_ready, with_condition
from .rollouts import amount
from .store import Object, key, kind_of, stamp

_ADDRESS_AFTER = 0.5
_USED_PERCENT = 35
_SCALED = {
    "Deployment": "deployments.apps",
    "StatefulSet": "statefulsets.apps",
    "ReplicaSet": "replicasets.apps",
}


def step(cluster: Cluster) -> None:
    """Move them all on."""
    steps = {
        "services": _serve,
        "ingresses.networking.k8s.io": _expose,
        "horizontalpodautoscalers.autoscaling": _scale,
        "poddisruptionbudgets.policy": _budget,
        "persistentvolumeclaims": _bind,
        "externalsecrets.external-secrets.io": _synchronise,
        "certificates.cert-manager.io": _certify,
    }
    for kind, move in steps.items():
        for thing in cluster.store.all(kind):
            move(cluster, thing)


def _serve(cluster: Cluster, service: Object) -> None:
    spec = service["spec"]
    if spec.get("type") == "LoadBalancer" and cluster.age(service) >= _ADDRESS_AFTER:
        cluster.store.set_status("services", service, loadBalancer={"ingress": [{"hostname": "lb.sandbox.invalid"}]})
    if not spec.get("selector"):
        return
    namespace, name = key(service)
    pods = [each for each in cluster.store.all("pods", namespace) if fits({"matchLabels": spec["selector"]}, each)]
    addresses = {True: [], False: []}  # type: dict[bool, list[Object]]
    for pod in pods:
        if pod["status"].get("podIP"):
            target = {"kind": "Pod", "name": pod["metadata"]["name"], "namespace": namespace}
            addresses[is_ready(pod)].append({"ip": pod["status"]["podIP"], "targetRef": target})
    subset: Object = {"ports": [{"port": each["port"]} for each in spec.get("ports", [])]}
    for field, found in (("addresses", addresses[True]), ("notReadyAddresses", addresses[False])):
        if found:
            subset[field] = found
    subsets = [subset] if len(subset) > 1 else []
    known = cluster.store.get("endpoints", namespace, name)
    if known is None:
        cluster.store.add(kind_of("endpoints"), {"metadata": {"name": name, "namespace": namespace}, "subsets": subsets})
    else:
        cluster.store.change("endpoints", {**known, "subsets": subsets})


def _expose(cluster: Cluster, ingress: Object) -> None:
    if cluster.age(ingress) >= _ADDRESS_AFTER:
        address = {"ingress": [{"hostname": "lb.sandbox.invalid"}]}
        cluster.store.set_status("ingresses.networking.k8s.io", ingress, loadBalancer=address)


def _scale(cluster: Cluster, scaler: Object) -> None:
    spec = scaler["spec"]
    kind = _SCALED.get(spec["scaleTargetRef"]["kind"], "")
    target = cluster.store.get(kind, key(scaler)[0], spec["scaleTargetRef"]["name"])
    if target is None:
        message = f'{spec["scaleTargetRef"]["kind"].lower()}s "{spec["scaleTargetRef"]["name"]}" not found'
        conditions = with_condition(scaler, "AbleToScale", "False", "FailedGetScale", message)
        cluster.store.set_status("horizontalpodautoscalers.autoscaling", scaler, conditions=conditions, desiredReplicas=0)
        return
    now = target["spec"]["replicas"]
    wanted = max(spec.get("minReplicas", 1), min(spec["maxReplicas"], now))
    asked = all(each.get("resources", {}).get("requests") for each in target["spec"]["template"]["spec"]["containers"])
    told = ("True", "ValidMetricFound", "") if asked else ("False", "FailedGetResourceMetric", "missing request for cpu")
    scaler = {**scaler, "status": {**scaler.get("status", {}), "conditions": with_condition(scaler, "ScalingActive", *told)}}
    metric = {"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": _USED_PERCENT}}}
    cluster.store.set_status(
        "horizontalpodautoscalers.autoscaling",
        scaler,
        conditions=with_condition(scaler, "AbleToScale", "True", "ReadyForNewScale"),
        currentReplicas=now,
        desiredReplicas=wanted,
        currentMetrics=[metric] if asked else None,
        observedGeneration=scaler["metadata"]["generation"],
    )
    if wanted != now:
        cluster.event(scaler, "SuccessfulRescale", f"New size: {wanted}")
        cluster.store.change(kind, {**target, "spec": {**target["spec"], "replicas": wanted}})


def _budget(cluster: Cluster, budget: Object) -> None:
    pods = [each for each in cluster.store.all("pods", key(budget)[0]) if fits(budget["spec"].get("selector"), each)]
    healthy = sum(map(is_ready, pods))
    spec = budget["spec"]
    if "minAvailable" in spec:
        needed = math.ceil(amount(spec["minAvailable"], len(pods)))
    else:
        needed = len(pods) - math.ceil(amount(spec.get("maxUnavailable", 1), len(pods)))
    cluster.store.set_status(
        "poddisruptionbudgets.policy",
        budget,
        currentHealthy=healthy,
        desiredHealthy=needed,
        expectedPods=len(pods),
        disruptionsAllowed=max(0, healthy - needed),
        observedGeneration=budget["metadata"]["generation"],
    )


def _bind(cluster: Cluster, claim: Object) -> None:
    capacity = claim["spec"].get("resources", {}).get("requests", {})
    cluster.store.set_status("persistentvolumeclaims", claim, phase="Bound", capacity=capacity)


def _synchronise(cluster: Cluster, wanted: Object) -> None:
    """External Secrets: the store must be there; what it holds is made up, for there is nothing behind it."""
    namespace, name = key(wanted)
    reference = wanted["spec"].get("secretStoreRef", {})
    kind, scope = ("clustersecretstores", "") if reference.get("kind") == "ClusterSecretStore" else ("secretstores", namespace)
    store = cluster.store.get(f"{kind}.external-secrets.io", scope, reference.get("name", ""))
    if store is None or condition(store, "Ready") == "False":
        message = f"could not get SecretStore {reference.get('name', '')}"
        conditions = with_condition(wanted, "Ready", "False", "SecretSyncedError", message)
        cluster.store.set_status("externalsecrets.external-secrets.io", wanted, conditions=conditions)
        return
    target = wanted["spec"].get("target", {}).get("name", name)
    if cluster.store.get("secrets", namespace, target) is None:
        keys = [each["secretKey"] for each in wanted["spec"].get("data", [])]
        data = {each: base64.b64encode(secrets.token_urlsafe(24).encode()).decode() for each in keys}
        cluster.make_owned("secrets", wanted, target, type="Opaque", data=data)
    conditions = with_condition(wanted, "Ready", "True", "SecretSynced", "secret synced")
    refreshed = wanted.get("status", {}).get("refreshTime") or stamp()
    cluster.store.set_status("externalsecrets.external-secrets.io", wanted, conditions=conditions, refreshTime=refreshed)


def _certify(cluster: Cluster, certificate: Object) -> None:
    if certificate.get("status"):
        return
    born = cluster.store.born[certificate["metadata"]["uid"]]
    day = 86400
    cluster.store.set_status(
        "certificates.cert-manager.io",
        certificate,
        conditions=with_condition(certificate, "Ready", "True", "Ready", "Certificate is up to date and has not expired"),
        notAfter=stamp(born + 90 * day),
        renewalTime=stamp(born + 60 * day),
    )
    namespace, name = key(certificate)
    target = certificate["spec"].get("secretName", name)
    if cluster.store.get("secrets", namespace, target) is None:
        data = {each: base64.b64encode(b"made by the stand-in").decode() for each in ("tls.crt", "tls.key")}
        cluster.make_owned("secrets", certificate, target, type="kubernetes.io/tls", data=data)
