"""What every example Pod has in common: how a tenant asks for an accelerator, and what `restricted` demands.

Owns shapes alone. These are the fields that a tenant's own manifests need on any cluster of the platform.
"""

from dataclasses import dataclass

from pulumi import Input
from pulumi_kubernetes.core.v1 import (
    CapabilitiesArgs,
    PodSecurityContextArgs,
    ResourceRequirementsArgs,
    SeccompProfileArgs,
    SecurityContextArgs,
    TolerationArgs,
)

from components.clusters.record import Cluster, Pool
from components.queueing.shares import share
from components.spec.quantity import millicores, quantity
from components.tenancy import Tenant


@dataclass(frozen=True, kw_only=True, slots=True)
class ExampleArgs:
    """Where an example runs: the tenant, the pool, and the PriorityClass it takes."""

    cluster: Cluster
    tenant: Tenant
    pool: Pool
    priority: Input[str]


# The rest of a node's share is for DaemonSets and sidecars: a Pod that takes all of it fits on no real node.
_PART_OF_SHARE = 0.75

POD_SECURITY = PodSecurityContextArgs(
    run_as_non_root=True, run_as_user=10_001, fs_group=10_001, seccomp_profile=SeccompProfileArgs(type="RuntimeDefault")
)
CONTAINER_SECURITY = SecurityContextArgs(
    allow_privilege_escalation=False,
    read_only_root_filesystem=True,
    capabilities=CapabilitiesArgs(drop=["ALL"]),
)


def resources(pool: Pool, accelerators: int) -> ResourceRequirementsArgs:
    """Return requests equal to limits: ``accelerators`` of the pool, and most of the CPU and memory they bring."""
    part = share(pool, accelerators)
    amounts = {
        "cpu": millicores(int(part.cpu_millicores * _PART_OF_SHARE) // 1000 * 1000),
        "memory": quantity(int(part.memory_mib * _PART_OF_SHARE) // 1024 * 1024),
        str(pool.resource): str(accelerators),
    }
    return ResourceRequirementsArgs(requests=amounts, limits=amounts)


def tolerations(pool: Pool) -> list[TolerationArgs]:
    """Return what lets a Pod onto the pool's nodes."""
    return [
        TolerationArgs(
            key=toleration["key"],
            operator=toleration["operator"],
            value=toleration.get("value"),
            effect=toleration["effect"],
        )
        for toleration in pool.tolerations
    ]
