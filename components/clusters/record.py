"""The cluster record: what every backend gives, and all that the components on top know of a cluster.

Owns the shape. A component that takes this record works on any cloud; one that asks which cloud it is on does not
belong above this line. Fields come with their first user.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from components.catalog import Accelerator, Taint


@dataclass(frozen=True, kw_only=True, slots=True)
class Pool:
    """A node pool as workloads see it.

    ``cpu_millicores`` and ``memory_mib`` are what one node leaves to Pods. ``selector`` is the labels that exactly this
    pool's nodes carry, and ``taints`` what a Pod must tolerate to run there.
    """

    name: str
    accelerator: Accelerator | None
    per_node: int
    min_nodes: int
    max_nodes: int
    cpu_millicores: int
    memory_mib: int
    selector: Mapping[str, str]
    taints: tuple[Taint, ...]

    @property
    def resource(self) -> str | None:
        """The resource that a Pod requests to get one of the pool's accelerators, such as nvidia.com/gpu."""
        return self.accelerator.resource if self.accelerator else None

    @property
    def tolerations(self) -> tuple[dict[str, str], ...]:
        """What a Pod needs to be let onto the pool's nodes (Kubernetes tolerations)."""
        return tuple(_toleration(taint) for taint in self.taints)


@dataclass(frozen=True, kw_only=True, slots=True)
class Peer:
    """Pods that a NetworkPolicy can name: a namespace's labels and the Pods' own."""

    namespace_labels: Mapping[str, str]
    pod_labels: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cluster:
    """One cluster. ``labels`` are the ownership labels of every object that is put on it.

    ``topology`` names the node labels of its network, from the widest level to the node itself; empty where unknown.
    """

    name: str
    provider: k8s.Provider
    labels: Mapping[str, str]
    pools: Mapping[str, Pool]
    topology: tuple[str, ...]
    dns: Peer
    hooks: pulumi.ResourceHookBinding | None = None

    def options(self, parent: pulumi.Resource, *, after: list[pulumi.Resource] | None = None) -> pulumi.ResourceOptions:
        """Return the options of an object on this cluster. ``after``: what must exist first where no data says so."""
        return pulumi.ResourceOptions(parent=parent, provider=self.provider, depends_on=after, hooks=self.hooks)


# CoreDNS and kube-dns alike carry this label, on EKS, GKE and kubeadm clusters.
CLUSTER_DNS = Peer(namespace_labels={"kubernetes.io/metadata.name": "kube-system"}, pod_labels={"k8s-app": "kube-dns"})


def _toleration(taint: Taint) -> dict[str, str]:
    """Tolerate just this taint. An empty value is left out: the API server drops it, and a diff would never end."""
    value = {"operator": "Equal", "value": taint.value} if taint.value else {"operator": "Exists"}
    return {"key": taint.key, **value, "effect": taint.effect}
