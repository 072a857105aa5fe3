"""The accelerators a stack file can ask for, one row each.

Owns what is true of a device wherever it is; how many a machine has, and what a cloud calls it, is the machine's.
H100 is one accelerator: Google's "mega" variant is the same GPU in another machine.

Memory is the reference tables' and the clouds' machine lists'. The values of GPU feature discovery are those of
published nodes' labels where some were found, else the driver's own figures (the same library call): product names
follow GFD's rule (blanks become hyphens). They can differ by driver generation (T4 15109, 15360) and with ECC
switched off. A row without ``memory_mib`` has no source.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from components.catalog.model import Accelerator, Gfd, Source

_NODE_LABELS: Final = Source(
    document="GPU feature discovery v0.20 and published labels of nodes with this GPU", date="2026-08-19"
)
_DRIVER: Final = Source(
    document="GPU feature discovery v0.20 and published nvidia-smi output of this GPU", date="2026-08-19"
)
_KARPENTER: Final = Source(document="Karpenter AWS provider, Instance Types reference", date="2026-08-21")
_TPU: Final = Source(document="Cloud TPU documentation, system architecture of this generation", date="2026-11-22")

_Family = Literal["turing", "ampere", "ada-lovelace", "hopper", "blackwell"]
_CAPABILITIES: Final[Mapping[str, tuple[_Family, tuple[int, int]]]] = {
    "7.5": ("turing", (7, 5)),
    "8.0": ("ampere", (8, 0)),
    "8.6": ("ampere", (8, 6)),
    "8.9": ("ada-lovelace", (8, 9)),
    "9.0": ("hopper", (9, 0)),
    "10.0": ("blackwell", (10, 0)),
    "10.3": ("blackwell", (10, 3)),
    "12.0": ("blackwell", (12, 0)),
}


def _gpu(
    name: str, gib: float, product: str, capability: str, mib: int | None, mode: Literal["compute"] | None, *, mig: bool
) -> Accelerator:
    family, compute = _CAPABILITIES[capability]
    return Accelerator(
        name=name,
        vendor="nvidia",
        resource="nvidia.com/gpu",
        memory_gib=gib,
        gfd=Gfd(product=product, family=family, compute_capability=compute, memory_mib=mib, mig_capable=mig, mode=mode),
        neuron_cores=None,
        source=_NODE_LABELS if mode else _DRIVER,
    )


def _tpu(name: str, gib: float) -> Accelerator:
    return Accelerator(
        name=name, vendor="google", resource="google.com/tpu", memory_gib=gib, gfd=None, neuron_cores=None, source=_TPU
    )


def _neuron(name: str, cores: int) -> Accelerator:
    return Accelerator(
        name=name,
        vendor="aws",
        resource="aws.amazon.com/neuron",
        memory_gib=None,
        gfd=None,
        neuron_cores=cores,
        source=_KARPENTER,
    )


_ROWS: Final = (
    _gpu("t4", 16.0, "Tesla-T4", "7.5", 15360, "compute", mig=False),
    _gpu("a10g", 22.4, "NVIDIA-A10G", "8.6", 23028, "compute", mig=False),
    _gpu("l4", 22.4, "NVIDIA-L4", "8.9", 23034, "compute", mig=False),
    _gpu("l40s", 44.7, "NVIDIA-L40S", "8.9", 46068, "compute", mig=False),
    _gpu("rtx-pro-4500", 32.0, "NVIDIA-RTX-PRO-4500-Blackwell-Server-Edition", "12.0", None, None, mig=True),
    _gpu("rtx-pro-6000", 96.0, "NVIDIA-RTX-PRO-6000-Blackwell-Server-Edition", "12.0", 97887, None, mig=True),
    _gpu("a100-40gb", 40.0, "NVIDIA-A100-SXM4-40GB", "8.0", 40960, None, mig=True),
    _gpu("a100-80gb", 80.0, "NVIDIA-A100-SXM4-80GB", "8.0", 81920, None, mig=True),
    _gpu("h100", 80.0, "NVIDIA-H100-80GB-HBM3", "9.0", 81559, "compute", mig=True),
    _gpu("h200", 141.0, "NVIDIA-H200", "9.0", 143771, None, mig=True),
    _gpu("b200", 179.1, "NVIDIA-B200", "10.0", 183359, None, mig=True),
    _gpu("b300", 268.6, "NVIDIA-B300-SXM6-AC", "10.3", 275040, None, mig=True),
    _gpu("gb200", 186.0, "NVIDIA-GB200", "10.0", 189471, None, mig=True),
    _tpu("tpu-v5e", 16.0),
    _tpu("tpu-v5p", 95.0),
    _tpu("tpu-v6e", 32.0),
    _tpu("tpu-v7", 192.0),
    _neuron("trainium", 2),
    _neuron("trainium2", 8),
    _neuron("inferentia2", 2),
)

ACCELERATORS: Final[Mapping[str, Accelerator]] = MappingProxyType({row.name: row for row in _ROWS})
"""Every accelerator, by the name that stack files use."""
