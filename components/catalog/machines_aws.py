"""Amazon EC2 machine shapes, one row each: with accelerators, then a ladder of general-purpose ones for CPU pools.

Owns facts of EC2 instance types only. NVMe in decimal GB, memory in GiB, as EC2 states them. EFA interfaces and
network cards are the most that can be attached. Sizes that the source does not list (p6e-gb200, trn2.3xlarge) are not
here.
"""

from typing import Final

from components.catalog.model import Arch, Efa, Machine, Source

_SOURCE: Final = Source(document="Karpenter AWS provider, Instance Types reference and VPC limits", date="2026-08-21")


def _gpu(
    name: str,
    accelerator: str,
    count: int,
    memory_each: float | None,
    vcpu: int,
    memory: int,
    nvme: int | None,
    efa: tuple[int, int | None] | None,
    *,
    full: bool = False,
) -> Machine:
    return Machine(
        cloud="aws",
        name=name,
        arch="amd64",
        vcpu=vcpu,
        memory_gib=memory,
        accelerator=accelerator,
        count=count,
        accelerator_memory_gib=memory_each,
        nvme_gb=nvme,
        fabric=Efa(interfaces=efa[0], network_cards=efa[1]) if efa else None,
        full_server=full,
        source=_SOURCE,
    )


def _cpu(name: str, arch: Arch, vcpu: int, memory: int) -> Machine:
    return Machine(cloud="aws", name=name, arch=arch, vcpu=vcpu, memory_gib=memory, source=_SOURCE)


# name, accelerator, count, GiB each, vCPU, memory GiB, NVMe GB, (EFA interfaces, network cards)
MACHINES: Final[tuple[Machine, ...]] = (
    _gpu("g4dn.xlarge", "t4", 1, 16.0, 4, 16, 125, None),
    _gpu("g4dn.2xlarge", "t4", 1, 16.0, 8, 32, 225, None),
    _gpu("g4dn.4xlarge", "t4", 1, 16.0, 16, 64, 225, None),
    _gpu("g4dn.8xlarge", "t4", 1, 16.0, 32, 128, 900, (1, 1)),
    _gpu("g4dn.12xlarge", "t4", 4, 16.0, 48, 192, 900, (1, 1)),
    _gpu("g4dn.16xlarge", "t4", 1, 16.0, 64, 256, 900, (1, 1)),
    _gpu("g4dn.metal", "t4", 8, 16.0, 96, 384, 1800, (1, 1), full=True),
    _gpu("g5.xlarge", "a10g", 1, 22.4, 4, 16, 250, None),
    _gpu("g5.2xlarge", "a10g", 1, 22.4, 8, 32, 450, None),
    _gpu("g5.4xlarge", "a10g", 1, 22.4, 16, 64, 600, None),
    _gpu("g5.8xlarge", "a10g", 1, 22.4, 32, 128, 900, (1, 1)),
    _gpu("g5.12xlarge", "a10g", 4, 22.4, 48, 192, 3800, (1, 1)),
    _gpu("g5.16xlarge", "a10g", 1, 22.4, 64, 256, 1900, (1, 1)),
    _gpu("g5.24xlarge", "a10g", 4, 22.4, 96, 384, 3800, (1, 1)),
    _gpu("g5.48xlarge", "a10g", 8, 22.4, 192, 768, 7600, (1, 1), full=True),
    _gpu("g6.xlarge", "l4", 1, 22.4, 4, 16, 250, None),
    _gpu("g6.2xlarge", "l4", 1, 22.4, 8, 32, 450, None),
    _gpu("g6.4xlarge", "l4", 1, 22.4, 16, 64, 600, None),
    _gpu("g6.8xlarge", "l4", 1, 22.4, 32, 128, 900, (1, 1)),
    _gpu("g6.12xlarge", "l4", 4, 22.4, 48, 192, 3760, (1, 1)),
    _gpu("g6.16xlarge", "l4", 1, 22.4, 64, 256, 1880, (1, 1)),
    _gpu("g6.24xlarge", "l4", 4, 22.4, 96, 384, 3760, (1, 1)),
    _gpu("g6.48xlarge", "l4", 8, 22.4, 192, 768, 7520, (1, 1), full=True),
    _gpu("g6e.xlarge", "l40s", 1, 44.7, 4, 32, 250, None),
    _gpu("g6e.2xlarge", "l40s", 1, 44.7, 8, 64, 450, None),
    _gpu("g6e.4xlarge", "l40s", 1, 44.7, 16, 128, 600, None),
    _gpu("g6e.8xlarge", "l40s", 1, 44.7, 32, 256, 900, (1, 1)),
    _gpu("g6e.12xlarge", "l40s", 4, 44.7, 48, 384, 3800, (1, 1)),
    _gpu("g6e.16xlarge", "l40s", 1, 44.7, 64, 512, 1900, (1, 1)),
    _gpu("g6e.24xlarge", "l40s", 4, 44.7, 96, 768, 3800, (2, 2)),
    _gpu("g6e.48xlarge", "l40s", 8, 44.7, 192, 1536, 7600, (4, 4), full=True),
    _gpu("g7.2xlarge", "rtx-pro-4500", 1, 32.0, 8, 32, 440, None),
    _gpu("g7.4xlarge", "rtx-pro-4500", 1, 32.0, 16, 64, 875, None),
    _gpu("g7.8xlarge", "rtx-pro-4500", 1, 32.0, 32, 128, 930, (1, 1)),
    _gpu("g7.12xlarge", "rtx-pro-4500", 2, 32.0, 48, 192, 1900, (1, 1)),
    _gpu("g7.24xlarge", "rtx-pro-4500", 4, 32.0, 96, 384, 3800, (1, 1)),
    _gpu("g7.48xlarge", "rtx-pro-4500", 8, 32.0, 192, 768, 7600, (2, 2), full=True),
    _gpu("g7e.2xlarge", "rtx-pro-6000", 1, 96.0, 8, 64, 1900, None),
    _gpu("g7e.4xlarge", "rtx-pro-6000", 1, 96.0, 16, 128, 1900, None),
    _gpu("g7e.8xlarge", "rtx-pro-6000", 1, 96.0, 32, 256, 1900, (1, 1)),
    _gpu("g7e.12xlarge", "rtx-pro-6000", 2, 96.0, 48, 512, 3800, (1, 1)),
    _gpu("g7e.24xlarge", "rtx-pro-6000", 4, 96.0, 96, 1024, 7600, (2, 2)),
    _gpu("g7e.48xlarge", "rtx-pro-6000", 8, 96.0, 192, 2048, 15200, (4, 4), full=True),
    _gpu("p4d.24xlarge", "a100-40gb", 8, 40.0, 96, 1152, 8000, (4, 4), full=True),
    _gpu("p4de.24xlarge", "a100-80gb", 8, 80.0, 96, 1152, 8000, (4, 4), full=True),
    _gpu("p5.4xlarge", "h100", 1, 80.0, 16, 256, 3800, (1, 1)),
    _gpu("p5.48xlarge", "h100", 8, 80.0, 192, 2048, 30400, (32, 32), full=True),
    _gpu("p5e.48xlarge", "h200", 8, 141.0, 192, 2048, 30400, (32, 32), full=True),
    _gpu("p5en.48xlarge", "h200", 8, 141.0, 192, 2048, 30400, (16, 16), full=True),
    _gpu("p6-b200.48xlarge", "b200", 8, 179.1, 192, 2048, 30400, (8, 8), full=True),
    _gpu("p6-b300.48xlarge", "b300", 8, 268.6, 192, 4096, 30400, (16, 17), full=True),
    _gpu("trn1.2xlarge", "trainium", 1, None, 8, 32, 474, None),
    _gpu("trn1.32xlarge", "trainium", 16, None, 128, 512, 7600, (8, 8), full=True),
    _gpu("trn1n.32xlarge", "trainium", 16, None, 128, 512, 7600, (16, 16), full=True),
    _gpu("trn2.48xlarge", "trainium2", 16, None, 192, 2048, 7600, (16, None), full=True),
    _gpu("inf2.xlarge", "inferentia2", 1, None, 4, 16, None, None),
    _gpu("inf2.8xlarge", "inferentia2", 1, None, 32, 128, None, None),
    _gpu("inf2.24xlarge", "inferentia2", 6, None, 96, 384, None, None),
    _gpu("inf2.48xlarge", "inferentia2", 12, None, 192, 768, None, None),
    _cpu("m7i.large", "amd64", 2, 8),
    _cpu("m7i.xlarge", "amd64", 4, 16),
    _cpu("m7i.2xlarge", "amd64", 8, 32),
    _cpu("m7i.4xlarge", "amd64", 16, 64),
    _cpu("m7i.8xlarge", "amd64", 32, 128),
    _cpu("m7i.12xlarge", "amd64", 48, 192),
    _cpu("m7i.16xlarge", "amd64", 64, 256),
    _cpu("m7i.24xlarge", "amd64", 96, 384),
    _cpu("m7g.large", "arm64", 2, 8),
    _cpu("m7g.xlarge", "arm64", 4, 16),
    _cpu("m7g.2xlarge", "arm64", 8, 32),
    _cpu("m7g.4xlarge", "arm64", 16, 64),
    _cpu("m7g.8xlarge", "arm64", 32, 128),
    _cpu("m7g.12xlarge", "arm64", 48, 192),
    _cpu("m7g.16xlarge", "arm64", 64, 256),
)
