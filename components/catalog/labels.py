"""The labels, taints and extended resources that a node of a machine carries by itself.

Owns what Kubernetes, the cloud and the accelerator's own software write. Our domain's labels, zones and topology are
the cluster backends'. Labels that depend on a pool's other settings (image, disk type, GPU driver, most Pods a node)
are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from components.catalog.accelerators import ACCELERATORS
from components.catalog.model import Accelerator, Capacity, Efa, Machine

# Google's firmware says "Google Compute Engine" of every machine, EC2's the instance type (published nodes' labels).
_GCP_DMI_PRODUCT: Final = "Google-Compute-Engine"

_EKS_CAPACITY: Final[Mapping[Capacity, str]] = {
    "on-demand": "ON_DEMAND",
    "spot": "SPOT",
    "reserved": "CAPACITY_BLOCK",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Taint:
    """A node's taint."""

    key: str
    value: str
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]


def standard_labels(machine: Machine) -> dict[str, str]:
    """What every kubelet writes: architecture, operating system, machine type."""
    return {
        "kubernetes.io/arch": machine.arch,
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": machine.name,
    }


def accelerator_labels(machine: Machine) -> dict[str, str]:
    """What NVIDIA's GPU feature discovery 0.20 writes, with whole GPUs; empty for anything but NVIDIA.

    GKE has no GPU feature discovery of its own: its nodes carry these only where a cluster installs it.
    ``gpu.present`` is the GPU operator's, on which both it and the device plugin select. Left out: CUDA, driver and
    vGPU host versions and the time stamp (they change with the driver or at each start), ``mig.strategy`` and the
    slices of MIG, and ``gpu.clique``, which a node gets when its NVLink domain is up. ``gpu.memory`` and ``gpu.mode``
    are missing where no source was found.
    """
    device = _device(machine)
    if device is None or device.gfd is None:
        return {}
    gfd = device.gfd
    major, minor = gfd.compute_capability
    labels = {
        "nvidia.com/gpu.present": "true",
        "nvidia.com/gpu.product": gfd.product,
        "nvidia.com/gpu.count": str(machine.count),
        "nvidia.com/gpu.replicas": "1",
        "nvidia.com/gpu.sharing-strategy": "none",
        "nvidia.com/gpu.family": gfd.family,
        "nvidia.com/gpu.compute.major": str(major),
        "nvidia.com/gpu.compute.minor": str(minor),
        "nvidia.com/gpu.machine": machine.name if machine.cloud == "aws" else _GCP_DMI_PRODUCT,
        "nvidia.com/mig.capable": str(gfd.mig_capable).lower(),
        "nvidia.com/mps.capable": "false",
        "nvidia.com/vgpu.present": "false",
    }
    if gfd.memory_mib is not None:
        labels["nvidia.com/gpu.memory"] = str(gfd.memory_mib)
    if gfd.mode is not None:
        labels["nvidia.com/gpu.mode"] = gfd.mode
    return labels


def cloud_labels(machine: Machine, pool: str, capacity: Capacity, *, topology: str | None = None) -> dict[str, str]:
    """What EKS's managed node groups or GKE's node pools write.

    ``topology`` is a TPU pool's slice, the one-node slice when None. On EKS "reserved" is a capacity block: a node
    from an on-demand capacity reservation says ON_DEMAND. On GKE reserved nodes are provisioned as "standard". GKE's
    ``gke-accelerator-count`` is missing on purpose: it is Autopilot's (GKE cluster autoscaler, labels, read
    2026-11-22).
    """
    if machine.cloud == "aws":
        return {"eks.amazonaws.com/nodegroup": pool, "eks.amazonaws.com/capacityType": _EKS_CAPACITY[capacity]}
    labels = {
        "cloud.google.com/gke-nodepool": pool,
        "cloud.google.com/gke-provisioning": "spot" if capacity == "spot" else "standard",
        "cloud.google.com/gke-cpu-scaling-level": str(machine.vcpu),
        "cloud.google.com/machine-family": machine.name.partition("-")[0],
    }
    if capacity == "spot":
        labels["cloud.google.com/gke-spot"] = "true"
    if machine.gke_accelerator is not None:
        key = "gke-tpu-accelerator" if machine.topologies else "gke-accelerator"
        labels[f"cloud.google.com/{key}"] = machine.gke_accelerator
    if machine.topologies:
        labels["cloud.google.com/gke-tpu-topology"] = _slice(machine, topology)
    return labels


def accelerator_taints(machine: Machine) -> tuple[Taint, ...]:
    """The taint that keeps other Pods off accelerators: GKE adds it by itself, on EKS the pool must."""
    device = _device(machine)
    return () if device is None else (Taint(key=device.resource, value="present", effect="NoSchedule"),)


def architecture_taints(machine: Machine) -> tuple[Taint, ...]:
    """GKE taints Arm pools unless told not to (GKE API, ArchitectureTaintBehavior, 2026-05-18); EKS does not."""
    if machine.cloud == "gcp" and machine.arch == "arm64":
        return (Taint(key="kubernetes.io/arch", value="arm64", effect="NoSchedule"),)
    return ()


def accelerator_resources(machine: Machine) -> dict[str, int]:
    """The extended resources of a node: its devices, NeuronCores, and EFA interfaces."""
    resources: dict[str, int] = {}
    device = _device(machine)
    if device is not None:
        resources[device.resource] = machine.count
        if device.neuron_cores is not None:
            resources["aws.amazon.com/neuroncore"] = machine.count * device.neuron_cores
    if isinstance(machine.fabric, Efa):
        resources["vpc.amazonaws.com/efa"] = machine.fabric.interfaces
    return resources


def tpu_nodes(machine: Machine, topology: str) -> int:
    """How many nodes a TPU slice has."""
    chips = 1
    for edge in _slice(machine, topology).split("x"):
        chips *= int(edge)
    return chips // machine.count


def _device(machine: Machine) -> Accelerator | None:
    return None if machine.accelerator is None else ACCELERATORS[machine.accelerator]


def _slice(machine: Machine, topology: str | None) -> str:
    if topology is None:
        return machine.topologies[0]
    if topology not in machine.topologies:
        raise ValueError(f"{machine.name} has no slice {topology}")
    return topology
