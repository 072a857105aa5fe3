"""Google machine shapes, one row each: GPU and TPU machines, then a ladder of general-purpose ones for CPU pools.

Owns facts of machine types as GKE uses them. Memory in GiB. The shapes without bundled SSDs (``-nolssd``), fractions
of a GPU (g4-standard-6 to -24), a2-megagpu-16g and a4x-maxgpu-4g-metal are left out: no pool asks for them yet.

Where sources disagree: the autoscaler's table has 23 vCPU for g2-standard-24, the pricing calculator 24, as here. A
copy of the page on TPUs has 448 GiB for ct6e-standard-1t, the autoscaler's table 176, as here.
"""

from typing import Final

from components.catalog.model import Arch, GpuDirect, LocalSsd, Machine, Source

_GKE: Final = Source(document="GKE cluster autoscaler, machine family table", date="2026-11-22")
_TPU7X: Final = Source(document="GKE documentation, Plan TPUs: choose a TPU version", date="2026-11-22")
_LADDER: Final = Source(document="Google Cloud pricing calculator (Cyclenerd), machine types", date="2026-08-20")

_TCPX: Final = GpuDirect(kind="TCPX", vpcs=4, rdma_subnets=0, mtu=8244)
_TCPXO: Final = GpuDirect(kind="TCPXO", vpcs=8, rdma_subnets=0, mtu=8244)
_RDMA: Final = GpuDirect(kind="RDMA", vpcs=1, rdma_subnets=8, mtu=8896)
_DRANET: Final = GpuDirect(kind="DRANET", vpcs=0, rdma_subnets=0, mtu=None)

_LONGEST: Final = 64  # cubes: no edge is longer than 256 chips (AI-Hypercomputer xpk, 2026-06-25)


def _cubes(most: int) -> tuple[str, ...]:
    """Slices of a 3D TPU: parts of a cube of 4x4x4 chips, then up to ``most`` cubes, edges in ascending order."""
    cubes = [
        (a, b, c)
        for a in range(1, most + 1)
        for b in range(a, most // a + 1)
        for c in range(b, min(most // (a * b), _LONGEST) + 1)
    ]
    cubes.sort(key=lambda cube: (cube[0] * cube[1] * cube[2], cube))
    return ("2x2x1", "2x2x2", "2x2x4", "2x4x4", *("x".join(str(4 * edge) for edge in cube) for cube in cubes))


# The one-node slice first. A slice of several nodes exists on the 4-chip machines only.
_FLAT: Final = ("2x2", "2x4", "4x4", "4x8", "8x8", "8x16", "16x16")
_FLAT_SLICES: Final = {1: ("1x1",), 4: _FLAT, 8: ("2x4",)}


def _gpu(
    name: str,
    guest: str,
    accelerator: str,
    count: int,
    memory_each: float,
    vcpu: int,
    memory: int,
    ssd: LocalSsd,
    *,
    fabric: GpuDirect | None = None,
    arch: Arch = "amd64",
) -> Machine:
    return Machine(
        cloud="gcp",
        name=name,
        arch=arch,
        vcpu=vcpu,
        memory_gib=memory,
        accelerator=accelerator,
        count=count,
        accelerator_memory_gib=memory_each,
        local_ssd=ssd,
        fabric=fabric,
        gke_accelerator=guest,
        full_server=fabric is not None,
        source=_GKE,
    )


def _tpu(
    name: str,
    label: str,
    accelerator: str,
    chips: int,
    memory_each: float,
    vcpu: int,
    memory: int,
    topologies: tuple[str, ...],
    source: Source = _GKE,
) -> Machine:
    return Machine(
        cloud="gcp",
        name=name,
        arch="amd64",
        vcpu=vcpu,
        memory_gib=memory,
        accelerator=accelerator,
        count=chips,
        accelerator_memory_gib=memory_each,
        gke_accelerator=label,
        topologies=topologies,
        source=source,
    )


def _cpu(name: str, arch: Arch, vcpu: int, memory: int) -> Machine:
    return Machine(cloud="gcp", name=name, arch=arch, vcpu=vcpu, memory_gib=memory, source=_LADDER)


def _has(disks: int) -> LocalSsd:
    return LocalSsd(bundled=disks)


def _may_have(*disks: int) -> LocalSsd:
    return LocalSsd(choices=disks)


# name, guest accelerator, accelerator, count, GiB each, vCPU, memory GiB, local SSD disks
_GPUS: Final = (
    _gpu("g2-standard-4", "nvidia-l4", "l4", 1, 24.0, 4, 16, _may_have(1)),
    _gpu("g2-standard-8", "nvidia-l4", "l4", 1, 24.0, 8, 32, _may_have(1)),
    _gpu("g2-standard-12", "nvidia-l4", "l4", 1, 24.0, 12, 48, _may_have(1)),
    _gpu("g2-standard-16", "nvidia-l4", "l4", 1, 24.0, 16, 64, _may_have(1)),
    _gpu("g2-standard-24", "nvidia-l4", "l4", 2, 24.0, 24, 96, _may_have(2)),
    _gpu("g2-standard-32", "nvidia-l4", "l4", 1, 24.0, 32, 128, _may_have(1)),
    _gpu("g2-standard-48", "nvidia-l4", "l4", 4, 24.0, 48, 192, _may_have(4)),
    _gpu("g2-standard-96", "nvidia-l4", "l4", 8, 24.0, 96, 384, _may_have(8)),
    _gpu("g4-standard-48", "nvidia-rtx-pro-6000", "rtx-pro-6000", 1, 96.0, 48, 180, _may_have(4)),
    _gpu("g4-standard-96", "nvidia-rtx-pro-6000", "rtx-pro-6000", 2, 96.0, 96, 360, _may_have(8)),
    _gpu("g4-standard-192", "nvidia-rtx-pro-6000", "rtx-pro-6000", 4, 96.0, 192, 720, _may_have(16)),
    _gpu("g4-standard-384", "nvidia-rtx-pro-6000", "rtx-pro-6000", 8, 96.0, 384, 1440, _may_have(32)),
    _gpu("a2-highgpu-1g", "nvidia-tesla-a100", "a100-40gb", 1, 40.0, 12, 85, _may_have(1, 2, 4, 8)),
    _gpu("a2-highgpu-2g", "nvidia-tesla-a100", "a100-40gb", 2, 40.0, 24, 170, _may_have(2, 4, 8)),
    _gpu("a2-highgpu-4g", "nvidia-tesla-a100", "a100-40gb", 4, 40.0, 48, 340, _may_have(4, 8)),
    _gpu("a2-highgpu-8g", "nvidia-tesla-a100", "a100-40gb", 8, 40.0, 96, 680, _may_have(8)),
    _gpu("a2-ultragpu-1g", "nvidia-a100-80gb", "a100-80gb", 1, 80.0, 12, 170, _has(1)),
    _gpu("a2-ultragpu-2g", "nvidia-a100-80gb", "a100-80gb", 2, 80.0, 24, 340, _has(2)),
    _gpu("a2-ultragpu-4g", "nvidia-a100-80gb", "a100-80gb", 4, 80.0, 48, 680, _has(4)),
    _gpu("a2-ultragpu-8g", "nvidia-a100-80gb", "a100-80gb", 8, 80.0, 96, 1360, _has(8)),
    _gpu("a3-highgpu-1g", "nvidia-h100-80gb", "h100", 1, 80.0, 26, 234, _has(2)),
    _gpu("a3-highgpu-2g", "nvidia-h100-80gb", "h100", 2, 80.0, 52, 468, _has(4)),
    _gpu("a3-highgpu-4g", "nvidia-h100-80gb", "h100", 4, 80.0, 104, 936, _has(8)),
    _gpu("a3-highgpu-8g", "nvidia-h100-80gb", "h100", 8, 80.0, 208, 1872, _has(16), fabric=_TCPX),
    _gpu("a3-megagpu-8g", "nvidia-h100-mega-80gb", "h100", 8, 80.0, 208, 1872, _has(16), fabric=_TCPXO),
    _gpu("a3-ultragpu-8g", "nvidia-h200-141gb", "h200", 8, 141.0, 224, 2952, _has(32), fabric=_RDMA),
    _gpu("a4-highgpu-8g", "nvidia-b200", "b200", 8, 180.0, 224, 3968, _has(32), fabric=_RDMA),
    _gpu("a4x-highgpu-4g", "nvidia-gb200", "gb200", 4, 186.0, 140, 884, _has(4), fabric=_DRANET, arch="arm64"),
)

# name, label, accelerator, chips a node, GiB a chip, vCPU, memory GiB, slices
_TPUS: Final = (
    _tpu("ct5lp-hightpu-1t", "tpu-v5-lite-podslice", "tpu-v5e", 1, 16.0, 24, 48, _FLAT_SLICES[1]),
    _tpu("ct5lp-hightpu-4t", "tpu-v5-lite-podslice", "tpu-v5e", 4, 16.0, 112, 192, _FLAT_SLICES[4]),
    _tpu("ct5lp-hightpu-8t", "tpu-v5-lite-podslice", "tpu-v5e", 8, 16.0, 224, 384, _FLAT_SLICES[8]),
    _tpu("ct5p-hightpu-4t", "tpu-v5p-slice", "tpu-v5p", 4, 95.0, 208, 448, _cubes(140)),
    _tpu("ct6e-standard-1t", "tpu-v6e-slice", "tpu-v6e", 1, 32.0, 44, 176, _FLAT_SLICES[1]),
    _tpu("ct6e-standard-4t", "tpu-v6e-slice", "tpu-v6e", 4, 32.0, 180, 720, _FLAT_SLICES[4]),
    _tpu("ct6e-standard-8t", "tpu-v6e-slice", "tpu-v6e", 8, 32.0, 180, 1440, _FLAT_SLICES[8]),
    _tpu("tpu7x-standard-4t", "tpu7x", "tpu-v7", 4, 192.0, 224, 960, _cubes(144), _TPU7X),
)

# E2 up to its largest, then N2 (amd64); C4A, Google's Arm machines that are still growing, rather than T2A (arm64).
_CPUS: Final = (
    *(_cpu(f"e2-standard-{n}", "amd64", n, 4 * n) for n in (2, 4, 8, 16, 32)),
    *(_cpu(f"n2-standard-{n}", "amd64", n, 4 * n) for n in (48, 64, 80, 96, 128)),
    *(_cpu(f"c4a-standard-{n}", "arm64", n, 4 * n) for n in (1, 2, 4, 8, 16, 32, 48, 64, 72)),
)

MACHINES: Final[tuple[Machine, ...]] = (*_GPUS, *_TPUS, *_CPUS)
