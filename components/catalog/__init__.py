"""The catalog: accelerators and machine shapes as data, and the pure functions that read them.

Owns public facts about hardware and about what clouds make of it, each with its source and date, and the step from
intent ("8 x h100") to a machine. Reads nothing, knows no Pulumi, and holds no prices. A new accelerator or machine is
one row.
"""

from components.catalog.accelerators import ACCELERATORS
from components.catalog.allocatable import Allocatable, allocatable, max_pods
from components.catalog.labels import (
    Taint,
    accelerator_labels,
    accelerator_resources,
    accelerator_taints,
    architecture_taints,
    cloud_labels,
    standard_labels,
    tpu_nodes,
)
from components.catalog.model import (
    Accelerator,
    Arch,
    Capacity,
    Cloud,
    Efa,
    Gfd,
    GpuDirect,
    LocalSsd,
    Machine,
    Source,
)
from components.catalog.selection import (
    MACHINES,
    NoSuchMachine,
    accelerator_counts,
    machine_for_accelerator,
    machine_for_cpu,
)

__all__ = [
    "ACCELERATORS",
    "MACHINES",
    "Accelerator",
    "Allocatable",
    "Arch",
    "Capacity",
    "Cloud",
    "Efa",
    "Gfd",
    "GpuDirect",
    "LocalSsd",
    "Machine",
    "NoSuchMachine",
    "Source",
    "Taint",
    "accelerator_counts",
    "accelerator_labels",
    "accelerator_resources",
    "accelerator_taints",
    "allocatable",
    "architecture_taints",
    "cloud_labels",
    "machine_for_accelerator",
    "machine_for_cpu",
    "max_pods",
    "standard_labels",
    "tpu_nodes",
]
