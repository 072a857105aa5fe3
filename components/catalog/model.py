"""The records of the catalog: what is known of an accelerator and of a machine shape.

Owns the records' shapes only. Rows are in ``accelerators``, ``machines_aws`` and ``machines_gcp``. None always means
that no public source was found, or that the fact does not apply; it never stands for zero.
"""

from dataclasses import dataclass
from typing import Literal

Cloud = Literal["aws", "gcp"]
Arch = Literal["amd64", "arm64"]
Capacity = Literal["on-demand", "spot", "reserved"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where a row's facts were read.

    A document's title, and the day (ISO 8601) of the state that was read; of a page without a date, the day of
    reading.
    """

    document: str
    date: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Gfd:
    """What NVIDIA's GPU feature discovery (GFD) writes about one GPU model, before any MIG or sharing.

    ``memory_mib`` is what the driver reports as total, always less than the size on the box. ``mode`` is "compute"
    where a node's labels were found published; GFD takes it from the PCI class.
    """

    product: str
    family: Literal["turing", "ampere", "ada-lovelace", "hopper", "blackwell"]
    compute_capability: tuple[int, int]
    memory_mib: int | None
    mig_capable: bool
    mode: Literal["compute"] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Accelerator:
    """One accelerator, by the name that stack files use.

    ``memory_gib`` is one device's, the least that any cloud's document states, so that what fits here fits
    everywhere. ``neuron_cores`` counts the NeuronCores of one AWS device, which its device plugin offers as a
    resource of their own.
    """

    name: str
    vendor: Literal["nvidia", "google", "aws"]
    resource: str
    memory_gib: float | None
    gfd: Gfd | None
    neuron_cores: int | None
    source: Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Efa:
    """AWS Elastic Fabric Adapter: the most interfaces, and the network cards (p6-b300 has one card more than EFAs)."""

    interfaces: int
    network_cards: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class GpuDirect:
    """GPUDirect on Google Cloud, with the networks a pool needs besides the cluster's own.

    ``vpcs`` are plain VPCs with one subnet each; ``rdma_subnets`` those of the one VPC with an RDMA profile. ``mtu``
    (bytes) is the GPU networks'. With DRANET, GKE makes the networks itself.
    """

    kind: Literal["TCPX", "TCPXO", "RDMA", "DRANET"]
    vpcs: int
    rdma_subnets: int
    mtu: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalSsd:
    """Local SSD disks of a Google machine: ``bundled`` come with it, or one of ``choices`` can be asked for.

    A disk has 375 GiB; those of A4X are larger, and no source for their size was found.
    """

    bundled: int = 0
    choices: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """One machine shape of one cloud.

    Memory is in GiB as the cloud's list states it (what a kubelet leaves of it is in ``allocatable``); ``nvme_gb`` in
    decimal GB as EC2 states it, in total. ``gke_accelerator`` is the guest accelerator type of a GPU machine and
    GKE's label value of both GPUs and TPUs. ``topologies`` are a TPU machine's slices, the one-node slice first.
    ``full_server`` marks a whole host with a fabric between hosts: the only kind that a fabric pool may hold.
    """

    cloud: Cloud
    name: str
    arch: Arch
    vcpu: int
    memory_gib: int
    accelerator: str | None = None
    count: int = 0
    accelerator_memory_gib: float | None = None
    nvme_gb: int | None = None
    local_ssd: LocalSsd | None = None
    fabric: Efa | GpuDirect | None = None
    gke_accelerator: str | None = None
    topologies: tuple[str, ...] = ()
    full_server: bool = False
    source: Source
