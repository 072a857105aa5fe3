"""What a kubelet leaves of a machine to Pods.

Owns the two clouds' published reservation rules. What DaemonSets take is not in it, and neither is local NVMe or SSD:
ephemeral storage is the boot disk's (what GKE reserves of local SSDs was not found in a source that could be read).

Three layers: the machine's memory, less what firmware and kernel keep (capacity), less what is reserved for the
kubelet and below the eviction threshold (allocatable).
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from components.catalog.model import Machine

_MIB: Final = 1024  # MiB in a GiB
_EVICTION_MIB: Final = 100

# Both clouds reserve CPU by the same steps: (millicores from, share of what is above).
_CPU_STEPS: Final = (
    (0, Fraction(6, 100)),
    (1000, Fraction(1, 100)),
    (2000, Fraction(5, 1000)),
    (4000, Fraction(25, 10000)),
)
_GKE_MEMORY_STEPS: Final = (
    (0, Fraction(25, 100)),
    (4 * _MIB, Fraction(20, 100)),
    (8 * _MIB, Fraction(10, 100)),
    (16 * _MIB, Fraction(6, 100)),
    (128 * _MIB, Fraction(2, 100)),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Allocatable:
    """What Pods can have of one node; fractions are cut off, never rounded up."""

    cpu_millicores: int
    memory_mib: int
    ephemeral_storage_gib: int
    pods: int


def max_pods(machine: Machine) -> int:
    """How many Pods a node takes by its cloud's rule.

    EKS with prefix delegation: 110 below 30 vCPU, 250 from there (Amazon EKS user guide, prefix mode for Linux
    nodes). GKE Standard: 110 (default of the GKE cluster autoscaler, read 2026-11-22).
    """
    return 250 if machine.cloud == "aws" and machine.vcpu >= 30 else 110


def allocatable(machine: Machine, pods: int | None = None, *, boot_disk_gib: int = 100) -> Allocatable:
    """What a node leaves to Pods, at ``pods`` Pods at most (the cloud's rule when None)."""
    limit = max_pods(machine) if pods is None else pods
    reserve = _eks if machine.cloud == "aws" else _gke
    memory, storage = reserve(machine, limit, boot_disk_gib)
    millicores = 1000 * machine.vcpu
    return Allocatable(
        cpu_millicores=millicores - int(_stepped(millicores, _CPU_STEPS)),
        memory_mib=math.floor(memory),
        ephemeral_storage_gib=math.floor(storage),
        pods=limit,
    )


def _eks(machine: Machine, pods: int, disk_gib: int) -> tuple[Fraction, Fraction]:
    """Memory (MiB) and storage (GiB) of an EKS node.

    nodeadm of the EKS AMIs (2026-07-23), for AL2023: kube-reserved 255 MiB and 11 MiB a Pod, 1 GiB of disk; evicts
    below 100 MiB and 10 % of the disk. Capacity is Karpenter's estimate (2026-08-21), made to be on the safe side:
    7.5 % of memory never reaches the guest, and 64 MiB less on Graviton.
    """
    nominal = machine.memory_gib * _MIB - (64 if machine.arch == "arm64" else 0)
    capacity = nominal - math.ceil(nominal * Fraction(75, 1000))
    return Fraction(capacity - (255 + 11 * pods) - _EVICTION_MIB), disk_gib * Fraction(9, 10) - 1


def _gke(machine: Machine, pods: int, disk_gib: int) -> tuple[Fraction, Fraction]:  # noqa: ARG001  (as _eks)
    """Memory (MiB) and storage (GiB) of a GKE node with Container-Optimized OS.

    GKE documentation, Plan node sizes: 25 % of the first 4 GiB, 20 % of the next 4, 10 % of the next 8, 6 % up to 128
    and 2 % above; evicts below 100 MiB. Of the disk, 10 % for eviction and the least of 50 %, 6 GiB and 35 %, or 100
    GiB. Capacity by the cluster autoscaler's estimate (gce_reserved.go, read 2026-11-22): the kernel keeps 1/64 and
    16 MiB, 64 MiB for software I/O translation, and a correction of 0.175 % up to 248 MiB (0.29 % less in all on Arm,
    8 MiB more up to 8 GiB); partitions of the system keep 1.5635 % and 4.148 GiB of the disk, and 0.1 % up to 100
    MiB.
    """
    nominal = machine.memory_gib * _MIB
    kernel = Fraction(nominal, 64) + 16 + (64 if machine.memory_gib > 3 else 0) + (8 if machine.memory_gib <= 8 else 0)
    kernel += min(nominal * Fraction(175, 100_000), Fraction(248))
    if machine.arch == "arm64":
        kernel *= Fraction(9971, 10_000)
    memory = nominal - kernel - _stepped(nominal, _GKE_MEMORY_STEPS) - _EVICTION_MIB
    system = (
        disk_gib * Fraction(15_635, 1_000_000)
        + Fraction(4148, 1000)
        + min(Fraction(disk_gib, 1000), Fraction(100, _MIB))
    )
    reserved = min(Fraction(disk_gib, 2), 6 + disk_gib * Fraction(35, 100), Fraction(100))
    return memory, (disk_gib - system) * Fraction(9, 10) - reserved


def _stepped(amount: int, steps: tuple[tuple[int, Fraction], ...]) -> Fraction:
    """The sum of each step's share of what lies between it and the next one."""
    ends = [start for start, _ in steps] + [max(amount, steps[-1][0])]
    shares = [share for _, share in steps]
    taken = (
        share * max(0, min(amount, end) - start) for share, (start, end) in zip(shares, pairwise(ends), strict=True)
    )
    return sum(taken, start=Fraction(0))
