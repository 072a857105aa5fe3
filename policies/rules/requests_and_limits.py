"""Every container states what it needs and the memory it may take; its accelerators are stated once.

Does not demand a CPU limit: throttling a data loader starves the GPU behind it.
"""

from pulumi_policy import Severity

from policies.frame.reading import Node
from policies.frame.rule import Findings, NotDecided, Reference, ResourceRule, Violation
from policies.workloads.accelerators import is_accelerator, number
from policies.workloads.pods import EXEMPT_NAMESPACES, Container, each_container, has_pods

# What must be stated, and where stating it counts: Kubernetes requests what is limited when no request is given.
_DEMANDS = (
    ("cpu request", (("requests", "cpu"), ("limits", "cpu"))),
    ("memory request", (("requests", "memory"), ("limits", "memory"))),
    ("memory limit", (("limits", "memory"),)),
)


def check(container: Container) -> Findings:
    """One container. An ephemeral one can't state resources, and a patch need not repeat those of what it patches."""
    if container.field == "ephemeralContainers":
        return
    resources = container.node.at("resources")
    if not container.pod.partial:
        yield from _amounts(container, resources)
    yield from _accelerators(container, resources)


def _amounts(container: Container, resources: Node) -> Findings:
    missing: list[str] = []
    for what, paths in _DEMANDS:
        # Resources of the Pod as a whole cover each of its containers.
        places = [root.at(*path) for root in (resources, container.pod.spec.at("resources")) for path in paths]
        unknown = next((place for place in places if place.unknown), None)
        if any(not place.absent and not place.unknown for place in places):
            continue
        if unknown:
            yield NotDecided.because_of(unknown)
        else:
            missing.append(what)
    if missing:
        yield Violation(f"{container.label} has no {', no '.join(missing)}")


def _accelerators(container: Container, resources: Node) -> Findings:
    for name, request in resources.at("requests").fields():
        limit = resources.at("limits", name)
        if not is_accelerator(name):
            continue
        unknown = next((place for place in (request, limit) if place.unknown), None)
        if unknown:
            yield NotDecided.because_of(unknown)
        elif number(request) != number(limit):
            yield Violation(f"{container.label} requests {name} without an equal limit")


RULE = ResourceRule(
    id="requests-and-limits",
    title="Every container requests CPU and memory, limits memory, and limits accelerators to what it requests.",
    why="Without requests data loaders starve on packed GPU nodes; without a memory limit one leak evicts all.",
    severity=Severity.MEDIUM,
    remediation=(
        "State `resources.requests.cpu`, `resources.requests.memory` and `resources.limits.memory` for every "
        "container, init containers too, or for the Pod as a whole. State accelerators under `limits` alone."
    ),
    example='container "trainer" has no memory limit',
    references=(
        Reference("Checkov", "CKV_K8S_10"),
        Reference("Checkov", "CKV_K8S_12"),
        Reference("Checkov", "CKV_K8S_13"),
        Reference("Trivy", "KSV-0015"),
        Reference("Trivy", "KSV-0016"),
        Reference("Trivy", "KSV-0018"),
    ),
    settings=(EXEMPT_NAMESPACES,),
    applies=has_pods,
    check=each_container(check),
)
