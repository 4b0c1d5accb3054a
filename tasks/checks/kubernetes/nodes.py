"""The machines of the cluster."""

from __future__ import annotations

from tasks.connect.kubernetes import Kubernetes
from tasks.core.answers import Answer
from tasks.core.judges import at_least, every, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown, worst
from tasks.core.workloads import condition

_INSTANCE_TYPE = "node.kubernetes.io/instance-type"


@check(permissions=("kubernetes:list v1/nodes",), remedy="kubectl describe node <node>")
def ready(cluster: Kubernetes, *, minimum: int = 1) -> Verdict:
    """Every node is ready, and there are enough of them.

    Pods on a node that is not ready are moved after five minutes; until then they are counted and serve nobody.
    Lists nodes. ``minimum`` is how many must be ready and take new pods.

    Example:
        check: kubernetes.nodes.ready
        with: {minimum: 3}

    """
    nodes = cluster.objects("v1/nodes")
    open_ = [each for each in nodes if not each["spec"].get("unschedulable")]
    return worst([every("node", nodes, _ready), at_least("Number of nodes that take pods", len(open_), minimum)])


@check(permissions=("kubernetes:list v1/nodes",), remedy="kubectl get nodes -L node.kubernetes.io/instance-type")
def instance_types(cluster: Kubernetes, *, types: list[str]) -> Verdict:
    """Every node is of one of the wished instance types.

    A node group of smaller machines runs out of memory under the load that the larger ones were measured with.
    Lists nodes and reads their label node.kubernetes.io/instance-type.

    Example:
        check: kubernetes.nodes.instance_types
        with: {types: [m6i.large, m6i.xlarge]}

    """

    def of_a_type(node: Answer) -> Verdict:
        name, seen = node["metadata"]["name"], node["metadata"].get("labels", {}).get(_INSTANCE_TYPE)
        if seen is None:
            return unknown(f"Node {name} does not tell its instance type.")
        told = f"Node {name} is of type {seen}, wanted {listed(types) or 'none'}."
        return passed(told) if seen in types else failed(told)

    return every("node", cluster.objects("v1/nodes"), of_a_type)


def _ready(node: Answer) -> Verdict:
    name, seen = node["metadata"]["name"], condition(node, "Ready")
    if not seen:
        return unknown(f"Node {name} does not tell whether it is ready.")
    if seen["status"] == "True":
        return passed(f"Node {name} is ready.")
    return failed(f"Node {name} is not ready: {seen.get('reason', 'no reason given')}.")
