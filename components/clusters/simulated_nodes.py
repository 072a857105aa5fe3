"""What the nodes of a simulated pool look like: pure data, from intent to labels, taints and resources.

Owns names, zones and topology of simulated nodes. Does not own what a machine is (``components.catalog``), nor objects.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from components import catalog
from components.catalog import Cloud, Machine, Taint
from components.labels import ACCELERATOR, CAPACITY, HOSTNAME, POOL, TOPOLOGY_BLOCK, TOPOLOGY_RACK
from components.spec import CpuPool, SimulatedCluster
from components.spec import Pool as PoolSpec
from components.spec.quantity import mebibytes, quantity

TOPOLOGY = (TOPOLOGY_BLOCK, TOPOLOGY_RACK, HOSTNAME)

# Sizes of the simulated network: small, so that a pool of a dozen nodes already has more than one rack. [judgement]
_NODES_IN_RACK = 4
_RACKS_IN_BLOCK = 4

# The clouds' own names for the same levels (EC2 topology labels on EKS nodes: layer 3 is the nearest to the instance;
# GKE topology labels of GPU nodes).
_CLOUD_TOPOLOGY: dict[Cloud, tuple[str, str]] = {
    "aws": ("topology.k8s.aws/network-node-layer-2", "topology.k8s.aws/network-node-layer-3"),
    "gcp": ("cloud.google.com/gce-topology-block", "cloud.google.com/gce-topology-subblock"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SimulatedNode:
    """One node. ``resources`` are its allocatable resources as Kubernetes quantities."""

    name: str
    labels: dict[str, str]
    taints: tuple[Taint, ...]
    resources: dict[str, str]


def machine_of(pool: PoolSpec, cloud: Cloud) -> Machine:
    """Return the machine that the pool's intent becomes on the cloud. The specification was checked: there is one."""
    if isinstance(pool, CpuPool):
        return catalog.machine_for_cpu(cloud, pool.vcpu, -(-mebibytes(pool.memory) // 1024), pool.arch)
    return catalog.machine_for_accelerator(cloud, pool.accelerator, pool.per_node)


def pool_labels(pool: str, machine: Machine) -> dict[str, str]:
    """Return the labels that exactly this pool's nodes carry."""
    accelerator = {ACCELERATOR: machine.accelerator} if machine.accelerator else {}
    return {POOL: pool, **accelerator}


def pool_taints(machine: Machine) -> tuple[Taint, ...]:
    """Return the taints of the pool's nodes."""
    return (*catalog.accelerator_taints(machine), *catalog.architecture_taints(machine))


def nodes(cluster: SimulatedCluster, name: str, pool: PoolSpec, machine: Machine) -> Iterator[SimulatedNode]:
    """Yield the pool's nodes, its maximum of them.

    A node's name carries a hash of what a cloud would replace it for, so that a changed machine makes new nodes
    beside the old ones, as it would there.
    """
    identity = hashlib.sha256(f"{machine.name}/{pool.capacity}".encode()).hexdigest()[:6]
    taints = pool_taints(machine)
    resources = _resources(machine)
    common = {
        **catalog.standard_labels(machine),
        **catalog.accelerator_labels(machine),
        **catalog.cloud_labels(machine, name, pool.capacity),
        **pool_labels(name, machine),
        CAPACITY: pool.capacity,
        "topology.kubernetes.io/region": cluster.region,
    }
    # A fabric between hosts (EFA, RDMA) does not cross zones, so a pool that has one is in one zone.
    zones = cluster.zones[:1] if machine.full_server else cluster.zones
    for index in range(pool.nodes.max):
        node = f"{name}-{identity}-{index}"
        rack = f"{name}-rack-{index // _NODES_IN_RACK}"
        block = f"{name}-block-{index // (_NODES_IN_RACK * _RACKS_IN_BLOCK)}"
        cloud_block, cloud_rack = _CLOUD_TOPOLOGY[cluster.resembles]
        yield SimulatedNode(
            name=node,
            labels={
                **common,
                HOSTNAME: node,
                "topology.kubernetes.io/zone": zones[index % len(zones)],
                TOPOLOGY_BLOCK: block,
                TOPOLOGY_RACK: rack,
                cloud_block: block,
                cloud_rack: rack,
            },
            taints=taints,
            resources=resources,
        )


def _resources(machine: Machine) -> dict[str, str]:
    allocatable = catalog.allocatable(machine)
    return {
        "cpu": f"{allocatable.cpu_millicores}m",
        "memory": quantity(allocatable.memory_mib),
        "ephemeral-storage": f"{allocatable.ephemeral_storage_gib}Gi",
        "pods": str(allocatable.pods),
        **{name: str(count) for name, count in catalog.accelerator_resources(machine).items()},
    }
