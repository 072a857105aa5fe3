"""Cases of gpu-workload-has-queue."""

from tests.policies.builders import GPU_RESOURCES, QUEUE, Props, container, deployment, every_kind, pod, spec, workload
from tests.policies.harness import UNKNOWN, Given

_GPU = spec(container(resources=GPU_RESOURCES))
_JOB = "kubernetes:batch/v1:Job"


def _cron_job(labels: Props, job_labels: Props) -> Given:
    job = {"metadata": {"labels": job_labels}, "spec": {"template": {"spec": _GPU}}}
    return Given("kubernetes:batch/v1:CronJob", {"metadata": {"labels": labels}, "spec": {"jobTemplate": job}})


def _asks_for(resource: str, amount: object = 1) -> list[Given]:
    return [workload(_JOB, spec(container(resources={"limits": {resource: amount}})))]


def _daemon_set(labels: Props, pod_labels: Props) -> Given:
    template = {"metadata": {"labels": pod_labels}, "spec": _GPU}
    return Given("kubernetes:apps/v1:DaemonSet", {"metadata": {"labels": labels}, "spec": {"template": template}})


PASSING: dict[str, list[Given]] = {
    "a queue": [workload(_JOB, _GPU, labels=QUEUE)],
    "a queue on a Deployment": [deployment(_GPU, labels=QUEUE)],
    "a queue on a Pod": [pod(_GPU, labels=QUEUE)],
    "a queue on a CronJob's Jobs": [_cron_job({}, QUEUE)],
    "a queue on a DaemonSet's Pods": [_daemon_set({}, QUEUE)],
    "serving that says it is not queued": [deployment(_GPU, labels={"gpu-platform.dev/unqueued": "true"})],
    "no accelerator": [deployment(spec())],
    "no accelerator, labels unknown": [deployment(spec(), labels=UNKNOWN)],
    "zero accelerators": _asks_for("nvidia.com/gpu", "0"),
    "another extended resource": _asks_for("example.dev/fpga"),
    "a queue, resources unknown": [deployment(spec(container(resources=UNKNOWN)), labels=QUEUE)],
    "a patch": [workload("kubernetes:apps/v1:DeploymentPatch", _GPU)],
}
VIOLATING: dict[str, list[Given]] = {
    "no label": [deployment(_GPU)],
    "an empty queue name": [deployment(_GPU, labels={"kueue.x-k8s.io/queue-name": ""})],
    "unqueued is not true": [deployment(_GPU, labels={"gpu-platform.dev/unqueued": "false"})],
    "a CronJob that is labelled in place of its Jobs": [_cron_job(QUEUE, {})],
    "a DaemonSet that is labelled in place of its Pods": [_daemon_set(QUEUE, {})],
    "an init container asks": [deployment(spec(initContainers=[container(resources=GPU_RESOURCES)]))],
    "a MIG slice": _asks_for("nvidia.com/mig-1g.10gb"),
    "a TPU": _asks_for("google.com/tpu", 4),
    "Neuron cores": _asks_for("aws.amazon.com/neuroncore"),
    "beside an unknown": [deployment(spec(container(resources=UNKNOWN), container(resources=GPU_RESOURCES)))],
    **{f"in a {kind}": [given] for kind, given in every_kind(_GPU).items() if not kind.endswith("Patch")},
}
UNDECIDED: dict[str, list[Given]] = {
    "labels are unknown": [deployment(_GPU, labels=UNKNOWN)],
    "the queue's name is unknown": [deployment(_GPU, labels={"kueue.x-k8s.io/queue-name": UNKNOWN})],
    "resources are unknown": [deployment(spec(container(resources=UNKNOWN)))],
    "containers are unknown": [deployment({"containers": UNKNOWN})],
    "the number is unknown": _asks_for("nvidia.com/gpu", UNKNOWN),
}
