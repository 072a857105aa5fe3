"""The whole platform of one environment, from its typed specification.

Owns which components there are and what each is given. Does not read configuration, and knows no cloud.
"""

from dataclasses import dataclass

import pulumi

from components import labels
from components.clusters import Cluster, ClusterArgs, create_cluster
from components.examples import ExampleArgs, Inference, Training
from components.queueing import Flavors
from components.scheduling import PriorityClasses
from components.spec import AcceleratorQuota, Examples, Stack
from components.tenancy import Tenant, TenantArgs, TenantRoles


@dataclass(frozen=True, kw_only=True, slots=True)
class PlatformArgs:
    """``stack`` is the environment's name; ``kubeconfig`` a text, for backends that don't make it themselves."""

    stack: str
    spec: Stack
    kubeconfig: pulumi.Input[str]


class Platform(pulumi.ComponentResource):
    """One environment on one cluster: pools, priorities, flavors, tenants, and the examples if asked for."""

    cluster: Cluster
    tenants: dict[str, Tenant]

    def __init__(self, name: str, args: PlatformArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gpu-platform:index:Platform", name, {"stack": args.stack}, opts)
        below = pulumi.ResourceOptions(parent=self)
        environment = args.spec.environment
        cluster_args = ClusterArgs(
            stack=args.stack,
            spec=args.spec.cluster,
            pools=args.spec.pools,
            labels=labels.ownership(args.stack, environment.owner, environment.purpose),
            kubeconfig=args.kubeconfig,
        )
        self.cluster = create_cluster(f"{name}-cluster", cluster_args, below)
        priorities = PriorityClasses(f"{name}-priority", self.cluster, below)
        flavors = Flavors(f"{name}-flavor", self.cluster, below)
        roles = TenantRoles(f"{name}-role", self.cluster, below)
        self.tenants = {
            tenant: Tenant(
                f"{name}-{tenant}",
                TenantArgs(name=tenant, spec=spec, cluster=self.cluster, roles=roles.names, flavors=flavors.names),
                below,
            )
            for tenant, spec in args.spec.tenants.items()
        }
        if args.spec.examples:
            self._examples(name, args.spec, args.spec.examples, priorities, below)
        self.register_outputs({})

    def _examples(
        self, name: str, spec: Stack, examples: Examples, priorities: PriorityClasses, opts: pulumi.ResourceOptions
    ) -> None:
        quota = spec.tenants[examples.tenant].quota.pools[examples.serving_pool]
        most = quota.unqueued if isinstance(quota, AcceleratorQuota) else 0
        tenant = self.tenants[examples.tenant]
        Inference(
            f"{name}-inference",
            ExampleArgs(
                cluster=self.cluster,
                tenant=tenant,
                pool=self.cluster.pools[examples.serving_pool],
                priority=priorities.names["serving"],
            ),
            replicas=(min(2, most), most),
            opts=opts,
        )
        Training(
            f"{name}-training",
            ExampleArgs(
                cluster=self.cluster,
                tenant=tenant,
                pool=self.cluster.pools[examples.training_pool],
                priority=priorities.names["training"],
            ),
            opts,
        )
