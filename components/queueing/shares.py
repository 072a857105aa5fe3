"""What a tenant has of each pool: pure arithmetic, no objects.

Owns the sum that a queue and a namespace's quota have in common. Each accelerator brings its part of its node's CPU and
memory, so a tenant can always use the accelerators that it was given.
"""

from dataclasses import dataclass

from components.clusters.record import Pool
from components.spec.model import AcceleratorQuota, CpuQuota
from components.spec.quantity import mebibytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """An amount of one pool: CPU in millicores, memory in MiB, accelerators in pieces."""

    cpu_millicores: int = 0
    memory_mib: int = 0
    accelerators: int = 0


def share(pool: Pool, accelerators: int) -> Share:
    """Return ``accelerators`` of a pool, with the CPU and memory that they bring."""
    return Share(
        cpu_millicores=accelerators * (pool.cpu_millicores // pool.per_node),
        memory_mib=accelerators * (pool.memory_mib // pool.per_node),
        accelerators=accelerators,
    )


def queued(pool: Pool, quota: CpuQuota | AcceleratorQuota) -> tuple[Share, Share]:
    """Return what a queue owns of a pool, and what it may borrow on top."""
    if isinstance(quota, AcceleratorQuota):
        return share(pool, quota.nominal), share(pool, quota.borrowing)
    return Share(cpu_millicores=quota.cpu * 1000, memory_mib=mebibytes(quota.memory)), Share()


def unqueued(pool: Pool, quota: CpuQuota | AcceleratorQuota) -> Share:
    """Return what may run outside the queue."""
    return share(pool, quota.unqueued) if isinstance(quota, AcceleratorQuota) else Share()
