"""A cluster that is already there, reached by kubeconfig.

Owns the provider, and the guard that keeps the platform from taking over objects that were there before it. Does not
own the cluster or its nodes: pools here describe nodes, by the labels, taints and sizes that the stack file states.
"""

import pulumi

from components import catalog
from components.clusters.access import kubernetes_provider
from components.clusters.arguments import ClusterArgs
from components.clusters.guard import ownership_guard
from components.clusters.pool import NodePool, NodePoolArgs
from components.clusters.record import CLUSTER_DNS, Cluster, Pool
from components.spec import AcceleratorPool, ExistingCluster
from components.spec import Pool as PoolSpec
from components.spec.quantity import mebibytes


class Existing(pulumi.ComponentResource):
    """An existing cluster. ``record`` is what the components on top take."""

    record: Cluster

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gpu-platform:clusters:Existing", name, {}, opts)
        if not isinstance(args.spec, ExistingCluster):
            raise TypeError("the existing backend takes a cluster section with backend 'existing'")
        provider = kubernetes_provider(
            f"{name}-kubernetes",
            stack=args.stack,
            kubeconfig=args.kubeconfig,
            context=args.spec.context,
            opts=pulumi.ResourceOptions(parent=self),
        )
        pools = {pool_name: _pool(pool_name, spec) for pool_name, spec in args.pools.items()}
        for pool in pools.values():
            component = NodePool(
                f"{name}-{pool.name}",
                NodePoolArgs(cluster=args.stack, pool=pool, capacity=args.pools[pool.name].capacity, machine=None),
                pulumi.ResourceOptions(parent=self),
            )
            component.register_outputs({})
        self.record = Cluster(
            name=args.stack,
            provider=provider,
            labels=args.labels,
            pools=pools,
            topology=(),
            dns=CLUSTER_DNS,
            hooks=None if args.spec.adopt else ownership_guard(args.stack, args.kubeconfig, args.spec.context),
        )
        self.register_outputs({})


def _pool(name: str, spec: PoolSpec) -> Pool:
    if spec.existing_nodes is None:
        raise ValueError(f"pools.{name}.existing_nodes is missing: the specification was not checked")
    found = spec.existing_nodes
    return Pool(
        name=name,
        accelerator=catalog.ACCELERATORS[spec.accelerator] if isinstance(spec, AcceleratorPool) else None,
        per_node=spec.per_node if isinstance(spec, AcceleratorPool) else 0,
        min_nodes=spec.nodes.min,
        max_nodes=spec.nodes.max,
        cpu_millicores=found.allocatable.cpu * 1000,
        memory_mib=mebibytes(found.allocatable.memory),
        selector=dict(found.labels),
        taints=tuple(catalog.Taint(key=t.key, value=t.value, effect=t.effect) for t in found.taints),
    )
