"""The simulated cluster: a real API server whose nodes are objects that look like a cloud's.

Owns node pools as Node objects with the labels, taints and allocatable resources of the machine that the same pool
gets on the cloud it resembles. Does not own the API server or what runs nodes and Pods: the lab does (``tools/lab``);
the program only gets a kubeconfig, as on any existing cluster.

Nothing scales a simulated pool, so it has its maximum of nodes.
"""

import pulumi
import pulumi_kubernetes as k8s

from components import catalog
from components.clusters.access import kubernetes_provider
from components.clusters.arguments import ClusterArgs
from components.clusters.pool import NodePool, NodePoolArgs
from components.clusters.record import CLUSTER_DNS, Cluster, Pool
from components.clusters.simulated_nodes import TOPOLOGY, SimulatedNode, machine_of, nodes, pool_labels, pool_taints
from components.labels import metadata
from components.spec import AcceleratorPool, SimulatedCluster
from components.spec import Pool as PoolSpec

# kwok plays the kubelet of nodes with this annotation (kwok 0.8, --manage-nodes-with-annotation-selector).
_SIMULATED = {"kwok.x-k8s.io/node": "fake"}


class Simulated(pulumi.ComponentResource):
    """A cluster of simulated nodes. ``record`` is what the components on top take."""

    record: Cluster

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gpu-platform:clusters:Simulated", name, {}, opts)
        if not isinstance(args.spec, SimulatedCluster):
            raise TypeError("the simulated backend takes a cluster section with backend 'simulated'")
        provider = kubernetes_provider(
            f"{name}-kubernetes",
            stack=args.stack,
            kubeconfig=args.kubeconfig,
            context=None,
            opts=pulumi.ResourceOptions(parent=self),
        )
        pools: dict[str, Pool] = {}
        for pool_name, spec in args.pools.items():
            machine = machine_of(spec, args.spec.resembles)
            pools[pool_name] = _pool(pool_name, spec, machine)
            component = NodePool(
                f"{name}-{pool_name}",
                NodePoolArgs(cluster=args.stack, pool=pools[pool_name], capacity=spec.capacity, machine=machine.name),
                pulumi.ResourceOptions(parent=self),
            )
            for node in nodes(args.spec, pool_name, spec, machine):
                _node(f"{name}-{node.name}", node, args, provider, component)
            component.register_outputs({})
        self.record = Cluster(
            name=args.stack, provider=provider, labels=args.labels, pools=pools, topology=TOPOLOGY, dns=CLUSTER_DNS
        )
        self.register_outputs({})


def _pool(name: str, spec: PoolSpec, machine: catalog.Machine) -> Pool:
    allocatable = catalog.allocatable(machine)
    return Pool(
        name=name,
        accelerator=catalog.ACCELERATORS[spec.accelerator] if isinstance(spec, AcceleratorPool) else None,
        per_node=machine.count,
        min_nodes=spec.nodes.min,
        max_nodes=spec.nodes.max,
        cpu_millicores=allocatable.cpu_millicores,
        memory_mib=allocatable.memory_mib,
        selector=pool_labels(name, machine),
        taints=pool_taints(machine),
    )


def _node(name: str, node: SimulatedNode, args: ClusterArgs, provider: k8s.Provider, parent: pulumi.Resource) -> None:
    """Register one Node, untyped: the SDK's own Node takes no status, and here the status is the machine."""
    taints = [{"key": taint.key, "value": taint.value, "effect": taint.effect} for taint in node.taints]
    pulumi.CustomResource(
        "kubernetes:core/v1:Node",
        name,
        {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": metadata(args.labels, node.name, labels=node.labels, annotations=_SIMULATED),
            "spec": {"taints": taints} if taints else {},
            "status": {"allocatable": node.resources, "capacity": node.resources},
        },
        pulumi.ResourceOptions(parent=parent, provider=provider),
    )
