"""Cases of gpu-pool-has-maximum."""

from tests.policies.builders import pool
from tests.policies.harness import UNKNOWN, Given

PASSING: dict[str, list[Given]] = {
    "a maximum": [pool()],
    "a maximum of none": [pool(maxNodes=0)],
    "a CPU pool without one": [pool(accelerator=None, acceleratorsPerNode=0, maxNodes=None)],
}
VIOLATING: dict[str, list[Given]] = {
    "no maximum": [pool(maxNodes=None)],
    "a maximum that is no number": [pool(maxNodes="many")],
    "beside an unknown": [pool(maxNodes=None, taints=UNKNOWN, machine=UNKNOWN)],
}
UNDECIDED: dict[str, list[Given]] = {
    "the maximum is unknown": [pool(maxNodes=UNKNOWN)],
    "the accelerator is unknown": [pool(accelerator=UNKNOWN, maxNodes=None)],
}
