"""A tenant: a namespace with limits, a network, roles, and a queue.

Owns all that one team gets. Does not own pools, flavors or cluster-wide roles, which tenants share.
"""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s
from pulumi_kubernetes.core.v1 import LimitRangeItemArgs, LimitRangeSpecArgs, ResourceQuotaSpecArgs

from components.clusters import Cluster
from components.labels import TENANT, metadata, named
from components.queueing import tenant_queue
from components.spec import Tenant as TenantSpec
from components.spec.quantity import millicores, quantity
from components.tenancy.network import network_policies
from components.tenancy.quota import namespace_totals
from components.tenancy.roles import bind_groups

# What a container that says nothing gets. Small on purpose: who needs more says so, and is then counted right.
_DEFAULT_REQUEST = {"cpu": "250m", "memory": "512Mi"}
_DEFAULT_LIMIT = {"cpu": "1", "memory": "2Gi"}


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantArgs:
    """``name`` is the namespace's too. ``roles`` maps viewer, user and admin to ClusterRoles."""

    name: str
    spec: TenantSpec
    cluster: Cluster
    roles: dict[str, pulumi.Output[str]]
    flavors: dict[str, pulumi.Output[str]]


class Tenant(pulumi.ComponentResource):
    """One tenant. ``namespace`` is its name once it is there; ``queue``, the LocalQueue, is its last object.

    Who must not run outside the tenant's limits waits for ``queue``.
    """

    name: str
    namespace: pulumi.Output[str]
    queue: pulumi.Resource

    def __init__(self, name: str, args: TenantArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gpu-platform:tenancy:Tenant", name, {"tenant": args.name}, opts)
        self.name = args.name
        cluster, labels = args.cluster, {TENANT: args.name}
        level = args.spec.pod_security
        namespace = k8s.core.v1.Namespace(
            f"{name}-namespace",
            metadata=metadata(
                cluster.labels,
                args.name,
                labels={
                    **labels,
                    "pod-security.kubernetes.io/enforce": level,
                    "pod-security.kubernetes.io/audit": "restricted",
                    "pod-security.kubernetes.io/warn": "restricted",
                },
            ),
            opts=cluster.options(self),
        )
        self.namespace = named(namespace, args.name)
        limits = [
            k8s.core.v1.ResourceQuota(
                f"{name}-quota",
                metadata=metadata(cluster.labels, "tenant", namespace=self.namespace, labels=labels),
                spec=ResourceQuotaSpecArgs(hard=namespace_totals(args.spec.quota, cluster.pools)),
                opts=cluster.options(self),
            ),
            k8s.core.v1.LimitRange(
                f"{name}-limits",
                metadata=metadata(cluster.labels, "tenant", namespace=self.namespace, labels=labels),
                spec=LimitRangeSpecArgs(limits=[_container_limits(args)]),
                opts=cluster.options(self),
            ),
            *network_policies(name, cluster, self.namespace, labels, self),
        ]
        bind_groups(
            name,
            cluster,
            namespace=self.namespace,
            labels=labels,
            groups=args.spec.groups,
            roles=args.roles,
            parent=self,
        )
        # The queue opens when the limits stand: whoever waits for it can't run outside them.
        self.queue = tenant_queue(
            name,
            cluster,
            tenant=args.name,
            namespace=self.namespace,
            quota=args.spec.quota,
            flavors=args.flavors,
            after=limits,
            parent=self,
        )
        self.register_outputs({"namespace": self.namespace})


def _container_limits(args: TenantArgs) -> LimitRangeItemArgs:
    """Return the defaults, and as maximum the largest node of the tenant's pools: more could never be scheduled."""
    pools = [args.cluster.pools[name] for name in args.spec.quota.pools]
    return LimitRangeItemArgs(
        type="Container",
        default=_DEFAULT_LIMIT,
        default_request=_DEFAULT_REQUEST,
        max={
            "cpu": millicores(max(pool.cpu_millicores for pool in pools)),
            "memory": quantity(max(pool.memory_mib for pool in pools)),
        },
    )
