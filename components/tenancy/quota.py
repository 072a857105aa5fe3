"""A tenant's totals, summed over its shares of pools: pure arithmetic, no objects.

Owns the one rule that ties the namespace's ResourceQuota to the queue's: the namespace permits whatever the queue may
admit (nominal plus borrowing) and what may run outside it (unqueued), or it would refuse Pods that Kueue has
admitted.
"""

from collections.abc import Mapping

from components.clusters.record import Pool
from components.queueing.shares import queued, unqueued
from components.spec.model import TenantQuota
from components.spec.quantity import millicores, quantity


def namespace_totals(quota: TenantQuota, pools: Mapping[str, Pool]) -> dict[str, str]:
    """Return a ResourceQuota's ``hard``: requests of each resource, storage, and object counts."""
    cpu, memory = 0, 0
    accelerators: dict[str, int] = {}
    for name, part in quota.pools.items():
        pool = pools[name]
        shares = [*queued(pool, part), unqueued(pool, part)]
        cpu += sum(each.cpu_millicores for each in shares)
        memory += sum(each.memory_mib for each in shares)
        if pool.accelerator:
            # One resource name for all NVIDIA types: the API server counts them together, the queue tells them apart.
            resource = pool.accelerator.resource
            accelerators[resource] = accelerators.get(resource, 0) + sum(each.accelerators for each in shares)
    objects = quota.objects
    return {
        "requests.cpu": millicores(cpu),
        "requests.memory": quantity(memory),
        "requests.storage": quota.storage,
        **{f"requests.{resource}": str(count) for resource, count in accelerators.items()},
        "pods": str(objects.pods),
        "services": str(objects.services),
        # Nothing public: a Service that opens a port to the outside is refused, whoever makes it.
        "services.loadbalancers": "0",
        "services.nodeports": "0",
        "configmaps": str(objects.configmaps),
        "secrets": str(objects.secrets),
        "persistentvolumeclaims": str(objects.volume_claims),
        "count/jobs.batch": str(objects.jobs),
    }
