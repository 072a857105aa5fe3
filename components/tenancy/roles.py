"""What the people of a tenant may do in its namespace: three roles of ours, granted to groups.

Owns the roles' rules. Kubernetes' own `edit` and `admin` let their holders change NetworkPolicies and read every
Secret of the namespace, so they are not used. No rule has a wildcard; none reaches quotas, limits, network policies
or roles, which the stack file owns. Does not own who is in a group: the cluster's identity provider does.
"""

import pulumi
import pulumi_kubernetes as k8s
from pulumi_kubernetes.rbac.v1 import PolicyRuleArgs, RoleRefArgs, SubjectArgs

from components.clusters import Cluster
from components.labels import metadata, named
from components.spec.model import Groups

_READ = ["get", "list", "watch"]
_WRITE = ["create", "update", "patch", "delete"]

# API group -> resources that hold work.
_WORK = {
    "": ["pods", "services", "configmaps", "persistentvolumeclaims"],
    "apps": ["deployments", "statefulsets"],
    "batch": ["jobs", "cronjobs"],
    "autoscaling": ["horizontalpodautoscalers"],
    "policy": ["poddisruptionbudgets"],
    "jobset.x-k8s.io": ["jobsets"],
    "leaderworkerset.x-k8s.io": ["leaderworkersets"],
}
# Resources that explain why work waits or fails, and what it may use.
_CIRCUMSTANCES = {
    "": ["pods/log", "pods/status", "events", "resourcequotas", "limitranges", "serviceaccounts"],
    "apps": ["replicasets"],
    "networking.k8s.io": ["networkpolicies"],
    "kueue.x-k8s.io": ["localqueues", "workloads"],
}


def _rules(resources: dict[str, list[str]], verbs: list[str]) -> list[PolicyRuleArgs]:
    return [PolicyRuleArgs(api_groups=[group], resources=names, verbs=verbs) for group, names in resources.items()]


_VIEWER = [*_rules(_WORK, _READ), *_rules(_CIRCUMSTANCES, _READ)]
# `exec` and `port-forward` reach a Pod's secrets; a user may create Pods, and so could reach them anyway.
_USER = [
    *_VIEWER,
    *_rules(_WORK, _WRITE),
    PolicyRuleArgs(api_groups=[""], resources=["pods/exec", "pods/portforward"], verbs=["create"]),
]
_ADMIN = [
    *_USER,
    PolicyRuleArgs(api_groups=[""], resources=["secrets", "serviceaccounts"], verbs=[*_READ, *_WRITE]),
    PolicyRuleArgs(api_groups=["kueue.x-k8s.io"], resources=["workloads"], verbs=["patch", "delete"]),
]

ROLES = {"viewer": _VIEWER, "user": _USER, "admin": _ADMIN}


class TenantRoles(pulumi.ComponentResource):
    """The three ClusterRoles; a tenant binds them in its own namespace alone. ``names`` maps role to object name."""

    names: dict[str, pulumi.Output[str]]

    def __init__(self, name: str, cluster: Cluster, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gpu-platform:tenancy:Roles", name, {}, opts)
        self.names = {}
        for role, rules in ROLES.items():
            created = k8s.rbac.v1.ClusterRole(
                f"{name}-{role}",
                metadata=metadata(cluster.labels, f"gpu-platform-tenant-{role}"),
                rules=rules,
                opts=cluster.options(self),
            )
            self.names[role] = named(created, f"gpu-platform-tenant-{role}")
        self.register_outputs({})


def bind_groups(
    name: str,
    cluster: Cluster,
    *,
    namespace: pulumi.Input[str],
    labels: dict[str, str],
    groups: Groups,
    roles: dict[str, pulumi.Output[str]],
    parent: pulumi.Resource,
) -> None:
    """Bind each role to the groups that hold it, in one namespace. A role without groups gets no binding."""
    holders = {"viewer": groups.viewers, "user": groups.users, "admin": groups.admins}
    for role, members in holders.items():
        if members:
            k8s.rbac.v1.RoleBinding(
                f"{name}-{role}",
                metadata=metadata(cluster.labels, f"tenant-{role}", namespace=namespace, labels=labels),
                role_ref=RoleRefArgs(api_group="rbac.authorization.k8s.io", kind="ClusterRole", name=roles[role]),
                subjects=[
                    SubjectArgs(api_group="rbac.authorization.k8s.io", kind="Group", name=group) for group in members
                ],
                opts=cluster.options(parent),
            )
