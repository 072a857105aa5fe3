"""Cases of gpu-pool-has-taint."""

from tests.policies.builders import pool
from tests.policies.harness import UNKNOWN, Given


def _tainted(key: object, effect: object = "NoSchedule", accelerator: str = "h100") -> list[Given]:
    return [pool(accelerator=accelerator, taints=[{"key": key, "value": "present", "effect": effect}])]


PASSING: dict[str, list[Given]] = {
    "its vendor's taint": [pool()],
    "the platform's taint": _tainted("gpu-platform.dev/accelerator"),
    "a taint that evicts, too": _tainted("nvidia.com/gpu", "NoExecute"),
    "a TPU's": _tainted("google.com/tpu", accelerator="tpu-v5e"),
    "a Neuron device's": _tainted("aws.amazon.com/neuron", accelerator="trainium2"),
    "a CPU pool without one": [pool(accelerator=None, acceleratorsPerNode=0, taints=[])],
    "a taint beside an unknown one": [
        pool(taints=[UNKNOWN, {"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"}])
    ],
}
VIOLATING: dict[str, list[Given]] = {
    "no taints": [pool(taints=None)],
    "an empty list": [pool(taints=[])],
    "another taint": _tainted("dedicated"),
    "another vendor's taint": _tainted("google.com/tpu"),
    "a taint that only prefers": _tainted("nvidia.com/gpu", "PreferNoSchedule"),
    "beside an unknown that can't matter": _tainted("dedicated", UNKNOWN),
}
UNDECIDED: dict[str, list[Given]] = {
    "the taints are unknown": [pool(taints=UNKNOWN)],
    "the key is unknown": _tainted(UNKNOWN),
    "the effect is unknown": _tainted("nvidia.com/gpu", UNKNOWN),
    "the accelerator is unknown": [pool(accelerator=UNKNOWN)],
}
