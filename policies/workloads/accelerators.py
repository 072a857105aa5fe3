"""Which extended resources and which node taints stand for an accelerator. Owns the list: no rule keeps its own."""

import re
from collections.abc import Iterator

from policies.frame.reading import Node

_RESOURCE = re.compile(
    r"nvidia\.com/(gpu(\.shared)?|mig-.+)|google\.com/tpu|aws\.amazon\.com/neuron.*|amd\.com/gpu|habana\.ai/gaudi"
)

NVIDIA = "nvidia.com/gpu"
TPU = "google.com/tpu"
NEURON = "aws.amazon.com/neuron"
ANY_ACCELERATOR = "gpu-platform.dev/accelerator"
_FAMILIES = ((re.compile(r"tpu"), TPU), (re.compile(r"trainium|inferentia|trn|inf"), NEURON))


def is_accelerator(resource: str) -> bool:
    """Whether a resource name of Kubernetes is an accelerator, whole or in parts."""
    return _RESOURCE.fullmatch(resource) is not None


def taint_keys(accelerator: str) -> tuple[str, str]:
    """The keys of a taint that keeps other Pods off nodes with this accelerator: the vendor's and the platform's."""
    vendor = next((key for pattern, key in _FAMILIES if pattern.match(accelerator.lower())), NVIDIA)
    return vendor, ANY_ACCELERATOR


def requested(resources: Node) -> Iterator[tuple[str, Node]]:
    """The accelerators that a container's `resources` asks for, as request or limit, leaving out a plain zero."""
    for section in ("limits", "requests"):
        for name, quantity in resources.at(section).fields():
            if is_accelerator(name) and number(quantity) != 0:
                yield name, quantity


def number(quantity: Node) -> float | None:
    """A count of devices, which Kubernetes takes as a number or a string. None when it is neither (or unknown)."""
    try:
        return float(str(quantity.value))
    except ValueError:
        return None
