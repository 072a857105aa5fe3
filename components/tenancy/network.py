"""A tenant's network: nothing in, nothing out, then each path by name.

Owns three NetworkPolicies. Does not own paths between tenants, or to the outside: they come with a stack file's words
for them.
"""

import pulumi
import pulumi_kubernetes as k8s
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs
from pulumi_kubernetes.networking.v1 import (
    NetworkPolicyEgressRuleArgs,
    NetworkPolicyIngressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicyPortArgs,
    NetworkPolicySpecArgs,
)

from components.clusters import Cluster
from components.labels import metadata

_EVERY_POD = LabelSelectorArgs()


def network_policies(
    name: str, cluster: Cluster, namespace: pulumi.Input[str], labels: dict[str, str], parent: pulumi.Resource
) -> list[pulumi.Resource]:
    """Register the policies of one namespace: default deny, DNS, and the namespace itself."""
    own = [NetworkPolicyPeerArgs(pod_selector=_EVERY_POD)]
    dns = NetworkPolicyPeerArgs(
        namespace_selector=LabelSelectorArgs(match_labels=dict(cluster.dns.namespace_labels)),
        pod_selector=LabelSelectorArgs(match_labels=dict(cluster.dns.pod_labels)),
    )
    ports = [NetworkPolicyPortArgs(port=53, protocol=protocol) for protocol in ("UDP", "TCP")]
    specs = {
        "default-deny": NetworkPolicySpecArgs(pod_selector=_EVERY_POD, policy_types=["Ingress", "Egress"]),
        "allow-dns": NetworkPolicySpecArgs(
            pod_selector=_EVERY_POD,
            policy_types=["Egress"],
            egress=[NetworkPolicyEgressRuleArgs(to=[dns], ports=ports)],
        ),
        "allow-same-namespace": NetworkPolicySpecArgs(
            pod_selector=_EVERY_POD,
            policy_types=["Ingress", "Egress"],
            ingress=[NetworkPolicyIngressRuleArgs(from_=own)],
            egress=[NetworkPolicyEgressRuleArgs(to=own)],
        ),
    }
    return [
        k8s.networking.v1.NetworkPolicy(
            f"{name}-{policy}",
            metadata=metadata(cluster.labels, policy, namespace=namespace, labels=labels),
            spec=spec,
            opts=cluster.options(parent),
        )
        for policy, spec in specs.items()
    ]
