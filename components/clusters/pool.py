"""A node pool as a component of its own, whatever makes its nodes.

Owns the type token and the inputs that policies read (``gpu-platform:clusters:NodePool``): they are an interface.
Does not own the nodes: a backend's children of this component are them.
"""

from dataclasses import dataclass

import pulumi

from components.catalog import Capacity
from components.clusters.record import Pool


@dataclass(frozen=True, kw_only=True, slots=True)
class NodePoolArgs:
    """``machine`` is the cloud's machine type, or None where others made the nodes."""

    cluster: str
    pool: Pool
    capacity: Capacity
    machine: str | None


class NodePool(pulumi.ComponentResource):
    """One pool of a cluster. Its inputs say how large it may become and what keeps other Pods off it."""

    def __init__(self, name: str, args: NodePoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        pool = args.pool
        inputs = {
            "cluster": args.cluster,
            "pool": pool.name,
            "accelerator": pool.accelerator.name if pool.accelerator else None,
            "acceleratorsPerNode": pool.per_node,
            "minNodes": pool.min_nodes,
            "maxNodes": pool.max_nodes,
            "taints": [{"key": taint.key, "value": taint.value, "effect": taint.effect} for taint in pool.taints],
            "labels": dict(pool.selector),
            "capacity": args.capacity,
            "machine": args.machine,
        }
        super().__init__("gpu-platform:clusters:NodePool", name, inputs, opts)
