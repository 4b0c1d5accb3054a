"""EKS clusters, their node groups and add-ons."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.judges import at_least, every, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed


@check(permissions=("eks:DescribeCluster",), remedy="aws eks describe-cluster --name <cluster>")
def cluster_active(aws: Aws, *, cluster: str, versions: list[str] | None = None, secrets_encrypted: bool = False) -> Verdict:
    """The cluster is active, in a version that is wanted.

    Reads eks:DescribeCluster. ``versions`` are the accepted Kubernetes versions, by default any; ``secrets_encrypted`` asks for
    a KMS key over the cluster's secrets. Facts: cluster_endpoint, cluster_version.

    Example:
        check: aws.eks.cluster_active
        with: {cluster: app-prod, versions: ["1.33", "1.34"]}

    """
    seen = aws.eks.describe_cluster(name=cluster)["cluster"]
    if seen["status"] != "ACTIVE":
        return failed(f"Cluster {cluster} is {seen['status']}, wanted ACTIVE.")
    if versions and seen["version"] not in versions:
        return failed(f"Cluster {cluster} has version {seen['version']}, wanted {' or '.join(versions)}.")
    if secrets_encrypted and not any("secrets" in each["resources"] for each in seen.get("encryptionConfig", [])):
        return failed(f"The secrets of cluster {cluster} are not encrypted with a key of ours.")
    facts = {"cluster_endpoint": str(seen["endpoint"]), "cluster_version": str(seen["version"])}
    return passed(f"Cluster {cluster} is ACTIVE with version {seen['version']}.", facts)


@check(
    permissions=("eks:ListNodegroups", "eks:DescribeNodegroup"),
    remedy="aws eks describe-nodegroup --cluster-name <cluster> --nodegroup-name <node group>",
)
def node_groups_active(
    aws: Aws, *, cluster: str, node_groups: list[str] | None = None, instance_types: list[str] | None = None, nodes: int = 1
) -> Verdict:
    """Every node group is active, healthy, of the wished machines, and large enough.

    Reads eks:ListNodegroups and eks:DescribeNodegroup. ``node_groups`` are names, by default all of the cluster;
    ``instance_types`` are those a group may have, by default any; ``nodes`` is the smallest wished size of each group.

    Example:
        check: aws.eks.node_groups_active
        with: {cluster: app-prod, instance_types: [m6i.large, m6i.xlarge], nodes: 3}

    """
    names = node_groups or [str(each) for each in aws.eks.list_nodegroups(clusterName=cluster)["nodegroups"]]

    def ready(name: str) -> Verdict:
        seen = aws.eks.describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"]
        trouble = [str(each["code"]) for each in seen.get("health", {}).get("issues", [])]
        if seen["status"] != "ACTIVE" or trouble:
            return failed(
                f"Node group {name} is {seen['status']}{f' with {listed(trouble)}' if trouble else ''}, wanted ACTIVE."
            )
        others = [str(each) for each in seen.get("instanceTypes", []) if instance_types and each not in instance_types]
        if others:
            return failed(f"Node group {name} has {listed(others)}, wanted {' or '.join(instance_types or [])}.")
        return at_least(f"The wished size of node group {name}", seen["scalingConfig"]["desiredSize"], nodes, "nodes")

    return every("node group", names, ready)


@check(
    permissions=("eks:ListAddons", "eks:DescribeAddon"),
    remedy="aws eks describe-addon --cluster-name <cluster> --addon-name <add-on>",
)
def addons_active(aws: Aws, *, cluster: str, addons: list[str]) -> Verdict:
    """Every add-on of the cluster is active.

    Without its network add-on a cluster starts nothing.
    Reads eks:DescribeAddon once an add-on.

    Example:
        check: aws.eks.addons_active
        with: {cluster: app-prod, addons: [vpc-cni, coredns, kube-proxy]}

    """

    def active(name: str) -> Verdict:
        seen: Answer = aws.eks.describe_addon(clusterName=cluster, addonName=name)["addon"]
        told = f"Add-on {name} of cluster {cluster} is {seen['status']}"
        return passed(f"{told}.") if seen["status"] == "ACTIVE" else failed(f"{told}, wanted ACTIVE.")

    return every("add-on", addons, active)
