"""No container runs privileged: it would own the node, and every GPU and tenant on it."""

from pulumi_policy import Severity

from policies.frame.rule import Findings, Reference, ResourceRule, demand
from policies.workloads.pods import EXEMPT_NAMESPACES, Container, each_container, has_pods


def check(container: Container) -> Findings:
    """One container, of whatever sort."""
    yield from demand(
        container.node.at("securityContext", "privileged"),
        lambda privileged: privileged.value is not True,
        f"{container.label} is privileged",
    )


RULE = ResourceRule(
    id="no-privileged-containers",
    title="No container is privileged.",
    why="A privileged container has every device of its node: one tenant's break-out reaches all the others.",
    severity=Severity.CRITICAL,
    remediation=(
        "Remove `securityContext.privileged`. A device plugin gives a Pod its GPUs; where a capability is missing, add "
        "that one. A node agent that can't do without belongs in a namespace listed in `exemptNamespaces`."
    ),
    example='container "trainer" is privileged',
    references=(
        Reference("Pod Security Standards", "baseline: Privileged Containers"),
        Reference("Checkov", "CKV_K8S_16"),
        Reference("Trivy", "KSV-0017"),
    ),
    settings=(EXEMPT_NAMESPACES,),
    applies=has_pods,
    check=each_container(check),
)
