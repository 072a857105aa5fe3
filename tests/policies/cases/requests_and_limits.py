"""Cases of requests-and-limits."""

from tests.policies.builders import GPU_RESOURCES, RESOURCES, Props, container, deployment, pod, spec, workload
from tests.policies.harness import UNKNOWN, Given


def _with(resources: object) -> list[Given]:
    return [deployment(spec(container(resources=resources)))]


def _gpus(request: object, limit: object) -> list[Given]:
    requests: Props = {"cpu": "1", "memory": "1Gi", "nvidia.com/gpu": request}
    limits: Props = {"memory": "1Gi"} if limit is None else {"memory": "1Gi", "nvidia.com/gpu": limit}
    return _with({"requests": requests, "limits": limits})


PASSING: dict[str, list[Given]] = {
    "requests and a memory limit": _with(RESOURCES),
    "limits alone, which are requested too": _with({"limits": {"cpu": "1", "memory": "1Gi"}}),
    "resources of the Pod as a whole": [deployment(spec(container(resources=None), resources=RESOURCES))],
    "accelerators as a limit alone": _with(GPU_RESOURCES),
    "accelerators requested and limited alike": _gpus(8, "8"),
    "an ephemeral container, which can't state any": [pod(spec(ephemeralContainers=[container(resources=None)]))],
    "a patch, which need not repeat them": [
        workload("kubernetes:apps/v1:DeploymentPatch", spec(container(resources=None)))
    ],
    "unknown labels, which decide nothing": [deployment(spec(), labels=UNKNOWN)],
}
VIOLATING: dict[str, list[Given]] = {
    "nothing stated": _with(None),
    "no memory limit": _with({"requests": {"cpu": "1", "memory": "1Gi"}}),
    "no cpu request": _with({"requests": {"memory": "1Gi"}, "limits": {"memory": "1Gi"}}),
    "an init container without any": [deployment(spec(initContainers=[container(resources=None)]))],
    "fewer accelerators limited than requested": _gpus(8, 4),
    "accelerators requested without a limit": _gpus(8, None),
    "beside an unknown": _with({"requests": {"cpu": UNKNOWN, "memory": "1Gi"}}),
}
UNDECIDED: dict[str, list[Given]] = {
    "resources are unknown": _with(UNKNOWN),
    "requests are unknown": _with({"requests": UNKNOWN, "limits": {"memory": "1Gi"}}),
    "the accelerators' limit is unknown": _gpus(8, UNKNOWN),
}
