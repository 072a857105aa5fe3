"""A tenant's queues: a ClusterQueue with its quotas, and the LocalQueue that its people name in their jobs.

Owns quotas as Kueue counts them: one resource group, a flavor for each pool, every covered resource in every flavor
in the same order, as its webhook demands. Does not own the namespace's ResourceQuota (``components.tenancy.quota``),
which shares the arithmetic.
"""

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource

from components.clusters import Cluster
from components.clusters.record import Pool
from components.labels import TENANT, metadata, named
from components.queueing.flavors import KUEUE
from components.queueing.shares import Share, queued
from components.spec.model import TenantQuota
from components.spec.quantity import millicores, quantity

# All tenants of a cluster lend to each other.
COHORT = "gpu-platform"


def tenant_queue(
    name: str,
    cluster: Cluster,
    *,
    tenant: str,
    namespace: pulumi.Input[str],
    quota: TenantQuota,
    flavors: dict[str, pulumi.Output[str]],
    after: list[pulumi.Resource],
    parent: pulumi.Resource,
) -> pulumi.Resource:
    """Register both queues and return the LocalQueue, which has the tenant's name and comes ``after`` its limits."""
    labels = {TENANT: tenant}
    cluster_queue = CustomResource(
        f"{name}-cluster-queue",
        api_version=KUEUE,
        kind="ClusterQueue",
        metadata=metadata(cluster.labels, tenant, labels=labels),
        spec={
            "cohortName": COHORT,
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
            "queueingStrategy": "BestEffortFIFO",
            # An owner gets its quota back from borrowers; within a queue, priority decides; no one borrows by force.
            "preemption": {
                "reclaimWithinCohort": "Any",
                "withinClusterQueue": "LowerPriority",
                "borrowWithinCohort": {"policy": "Never"},
            },
            "resourceGroups": [_resource_group(cluster, quota, flavors)],
        },
        opts=cluster.options(parent),
    )
    return CustomResource(
        f"{name}-local-queue",
        api_version=KUEUE,
        kind="LocalQueue",
        metadata=metadata(cluster.labels, tenant, namespace=namespace, labels=labels),
        spec={"clusterQueue": named(cluster_queue, tenant)},
        opts=cluster.options(parent, after=after),
    )


def _resource_group(cluster: Cluster, quota: TenantQuota, flavors: dict[str, pulumi.Output[str]]) -> dict[str, object]:
    pools = sorted((cluster.pools[name] for name in quota.pools), key=_rank)
    accelerators = list(dict.fromkeys(pool.resource for pool in pools if pool.resource))
    covered = ["cpu", "memory", *accelerators]
    listed: list[dict[str, object]] = []
    for pool in pools:
        nominal, borrowing = queued(pool, quota.pools[pool.name])
        own, more = _amounts(nominal, pool.resource), _amounts(borrowing, pool.resource)
        resources = [
            {"name": name, "nominalQuota": own.get(name, "0"), "borrowingLimit": more.get(name, "0")}
            for name in covered
        ]
        listed.append({"name": flavors[pool.name], "resources": resources})
    return {"coveredResources": covered, "flavors": listed}


def _rank(pool: Pool) -> tuple[float, str]:
    """Kueue tries flavors in their order: who names no pool gets the least that will do.

    The order of the stack file can't say it: the engine hands mappings over sorted by name.
    """
    return (pool.accelerator.memory_gib or 0 if pool.accelerator else -1, pool.name)


def _amounts(share: Share, resource: str | None) -> dict[str, str]:
    accelerators = {resource: str(share.accelerators)} if resource else {}
    return {"cpu": millicores(share.cpu_millicores), "memory": quantity(share.memory_mib), **accelerators}
