"""Whatever asks for an accelerator goes through a queue, or says that it does not."""

from pulumi_policy import Severity

from policies.frame.reading import Node
from policies.frame.rule import Findings, NotDecided, Resource, ResourceRule, Settings, Violation
from policies.workloads.accelerators import requested
from policies.workloads.kinds import CORE, Object, objects
from policies.workloads.pods import has_pods, pods_of

QUEUE_LABEL = "kueue.x-k8s.io/queue-name"
UNQUEUED_LABEL = "gpu-platform.dev/unqueued"

# Kueue reads the label on the workload, except for kinds it has no integration for, whose Pods it takes one by one, and
# for a CronJob, whose Jobs it takes.
_LABELS_ELSEWHERE = {
    ("batch", "CronJob"): ("spec", "jobTemplate", "metadata", "labels"),
    ("apps", "DaemonSet"): ("spec", "template", "metadata", "labels"),
    ("apps", "ReplicaSet"): ("spec", "template", "metadata", "labels"),
    (CORE, "ReplicationController"): ("spec", "template", "metadata", "labels"),
    (CORE, "PodTemplate"): ("template", "metadata", "labels"),
}


def check(resource: Resource, _: Settings) -> Findings:
    """One workload. A patch need not repeat the labels of what it patches."""
    for workload in objects(resource):
        if not workload.kind.is_patch:
            yield from _check(workload)


def _check(workload: Object) -> Findings:
    place = _LABELS_ELSEWHERE.get(workload.kind.key, ("metadata", "labels"))
    queue = workload.root.at(*place).at(QUEUE_LABEL)
    unqueued = workload.root.at("metadata", "labels").at(UNQUEUED_LABEL)
    if queue.text or unqueued.text == "true":
        return
    accelerator = _accelerator(workload)
    if accelerator is None:
        return
    unknown = next((node for node in (queue, unqueued) if node.unknown), None)
    if isinstance(accelerator, Node):
        unknown = unknown or accelerator
    if unknown:
        yield NotDecided.because_of(unknown)
    else:
        yield Violation(f"{accelerator} is requested without the label {QUEUE_LABEL} in {'.'.join(place)}")


def _accelerator(workload: Object) -> str | Node | None:
    """The name of the first accelerator that is asked for; failing that, the first place where one may be."""
    unknown: Node | None = None
    for pod in pods_of(workload):
        for container in pod.containers():
            resources = container.node.at("resources")
            places = [resources.at("limits"), resources.at("requests")]
            for name, quantity in requested(resources):
                if not quantity.unknown:
                    return name
                places.append(quantity)
            unknown = unknown or next((place for place in places if place.unknown), None)
    return unknown


RULE = ResourceRule(
    id="gpu-workload-has-queue",
    title="Whatever asks for an accelerator names its queue.",
    why="A workload without the label goes round Kueue: it takes GPUs that the queue has promised to others.",
    severity=Severity.HIGH,
    remediation=(
        f"Label the workload `{QUEUE_LABEL}: <a LocalQueue of its namespace>` (a CronJob: its jobTemplate; kinds that "
        "Kueue does not know: the Pod template). Serving that must not be queued says so: "
        f'`{UNQUEUED_LABEL}: "true"` on the workload; the tenant\'s quota counts its GPUs apart.'
    ),
    example="nvidia.com/gpu is requested without the label kueue.x-k8s.io/queue-name in metadata.labels",
    applies=has_pods,
    check=check,
)
