"""No Pod joins a namespace of its node: network, processes or inter-process communication."""

from pulumi_policy import Severity

from policies.frame.rule import Findings, Reference, ResourceRule, demand
from policies.workloads.pods import EXEMPT_NAMESPACES, Pod, each_pod, has_pods

_FIELDS = ("hostNetwork", "hostPID", "hostIPC")


def check(pod: Pod) -> Findings:
    """One Pod template."""
    for field in _FIELDS:
        yield from demand(pod.spec.at(field), lambda value: value.value is not True, f"{pod.label} sets {field}")


RULE = ResourceRule(
    id="no-host-namespaces",
    title="No Pod joins the namespaces of its node.",
    why="On the node's network a Pod passes every NetworkPolicy by; among its processes it sees what others run.",
    severity=Severity.HIGH,
    remediation=(
        "Remove `hostNetwork`, `hostPID` and `hostIPC`. Where NCCL needs shared memory, mount an `emptyDir` with "
        "`medium: Memory` at /dev/shm. A node agent that can't do without belongs in a namespace listed in "
        "`exemptNamespaces`."
    ),
    example="spec.template.spec sets hostNetwork",
    references=(
        Reference("Pod Security Standards", "baseline: Host Namespaces"),
        Reference("Checkov", "CKV_K8S_17"),
        Reference("Checkov", "CKV_K8S_18"),
        Reference("Checkov", "CKV_K8S_19"),
        Reference("Trivy", "KSV-0008"),
        Reference("Trivy", "KSV-0009"),
        Reference("Trivy", "KSV-0010"),
    ),
    settings=(EXEMPT_NAMESPACES,),
    applies=has_pods,
    check=each_pod(check),
)
