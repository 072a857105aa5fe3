"""ResourceFlavors: what Kueue calls a kind of node. One for each pool.

Owns the flavor of a pool: the labels by which its nodes are chosen, its taints, and their tolerations. Does not own
quotas (``queues``).
"""

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource

from components.clusters import Cluster
from components.labels import metadata, named

KUEUE = "kueue.x-k8s.io/v1beta2"


class Flavors(pulumi.ComponentResource):
    """The flavors of a cluster's pools. ``names`` maps pool to flavor."""

    names: dict[str, pulumi.Output[str]]

    def __init__(self, name: str, cluster: Cluster, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gpu-platform:queueing:Flavors", name, {}, opts)
        self.names = {}
        for pool in cluster.pools.values():
            flavor = CustomResource(
                f"{name}-{pool.name}",
                api_version=KUEUE,
                kind="ResourceFlavor",
                metadata=metadata(cluster.labels, pool.name),
                spec={
                    "nodeLabels": dict(pool.selector),
                    # Kueue adds the tolerations to what it admits. It would refuse Pods that lack them if it knew the
                    # taints alone.
                    "tolerations": list(pool.tolerations),
                },
                opts=cluster.options(self),
            )
            self.names[pool.name] = named(flavor, pool.name)
        self.register_outputs({})
