"""The catalog is complete, agrees with itself and with published figures, and turns intent into machines."""

import datetime
import math
import re

import pytest

from components import catalog
from components.catalog import ACCELERATORS, MACHINES, Capacity, Cloud, Efa, GpuDirect, Machine, NoSuchMachine

EVERY_MACHINE = [machine for machines in MACHINES.values() for machine in machines]
TPUS = [machine for machine in EVERY_MACHINE if machine.topologies]

# What the project promises to know: every accelerator of the two cloud references.
PROMISED = (
    *("t4", "a10g", "l4", "l40s", "rtx-pro-4500", "rtx-pro-6000", "a100-40gb", "a100-80gb", "h100", "h200", "b200"),
    *("b300", "gb200", "tpu-v5e", "tpu-v5p", "tpu-v6e", "tpu-v7", "trainium", "trainium2", "inferentia2"),
)

# A value of a Kubernetes label.
LABEL_VALUE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")


def machine_named(name: str) -> Machine:
    return next(machine for machine in EVERY_MACHINE if machine.name == name)


# Completeness


def test_every_promised_accelerator_has_a_row():
    missing = [name for name in PROMISED if name not in ACCELERATORS]
    assert not missing


def test_every_accelerator_can_be_had_somewhere_and_every_machine_has_a_known_one():
    offered = {machine.accelerator for machine in EVERY_MACHINE} - {None}
    assert offered == set(ACCELERATORS), (
        "a row without a machine can never be used; a machine without a row has no facts"
    )


def test_machine_names_are_unique_in_a_cloud():
    for cloud, machines in MACHINES.items():
        names = [machine.name for machine in machines]
        assert sorted(set(names)) == sorted(names), cloud
        assert {machine.cloud for machine in machines} == {cloud}


@pytest.mark.parametrize("row", [*ACCELERATORS.values(), *EVERY_MACHINE], ids=lambda row: row.name)
def test_every_row_names_its_source_and_date(row: catalog.Accelerator | Machine):
    assert row.source.document
    assert "://" not in row.source.document, "a title is found again when an address has moved"
    assert datetime.date.fromisoformat(row.source.date) > datetime.date(2026, 1, 1)


def test_an_accelerators_memory_is_the_least_that_any_machine_states():
    for accelerator in ACCELERATORS.values():
        stated = [m.accelerator_memory_gib for m in EVERY_MACHINE if m.accelerator == accelerator.name]
        known = [gib for gib in stated if gib is not None]
        assert accelerator.memory_gib == min(known, default=None), accelerator.name


def test_what_the_driver_reports_is_near_the_memory_of_the_list():
    for accelerator in ACCELERATORS.values():
        if accelerator.gfd and accelerator.gfd.memory_mib and accelerator.memory_gib:
            share = accelerator.gfd.memory_mib / 1024 / accelerator.memory_gib
            assert 0.93 < share < 1.01, (
                f"{accelerator.name}: error correction and firmware keep a few per cent, no more"
            )


# The machines agree with themselves


@pytest.mark.parametrize("machine", EVERY_MACHINE, ids=lambda machine: machine.name)
def test_a_machine_is_whole(machine: Machine):
    assert (machine.accelerator is None) == (machine.count == 0)
    assert machine.vcpu > 0
    assert 1 <= machine.memory_gib / machine.vcpu <= 24, "another ratio is a slip of a column"
    if machine.full_server:
        assert machine.fabric, "a full server is one that can be joined with others"
        assert machine.count == max(catalog.accelerator_counts(machine.cloud, machine.accelerator or ""))
    if machine.cloud == "gcp":
        assert (machine.gke_accelerator is None) == (machine.accelerator is None)
        assert not isinstance(machine.fabric, Efa)
    else:
        assert not isinstance(machine.fabric, GpuDirect)
        assert machine.gke_accelerator is None
        assert not machine.topologies


def test_a_series_grows_in_every_respect():
    for machines in MACHINES.values():
        for smaller in machines:
            series = re.split(r"\.|-\d", smaller.name)[0]
            for larger in machines:
                if re.split(r"\.|-\d", larger.name)[0] == series and larger.vcpu > smaller.vcpu:
                    assert larger.memory_gib >= smaller.memory_gib, f"{larger.name} and {smaller.name}"


def test_efa_interfaces_fit_on_the_network_cards():
    for machine in EVERY_MACHINE:
        if isinstance(machine.fabric, Efa) and machine.fabric.network_cards is not None:
            assert 1 <= machine.fabric.interfaces <= machine.fabric.network_cards, machine.name
    b300 = machine_named("p6-b300.48xlarge").fabric
    assert isinstance(b300, Efa)
    assert b300.interfaces != b300.network_cards, "the machine that shows why EFAs are never counted by cards"


@pytest.mark.parametrize("machine", TPUS, ids=lambda machine: machine.name)
def test_a_tpu_machines_slices_are_whole_nodes_and_the_first_is_one(machine: Machine):
    for topology in machine.topologies:
        chips = math.prod(int(edge) for edge in topology.split("x"))
        assert chips % machine.count == 0, topology
        assert catalog.tpu_nodes(machine, topology) == chips // machine.count
    assert catalog.tpu_nodes(machine, machine.topologies[0]) == 1
    assert len(set(machine.topologies)) == len(machine.topologies)


def test_the_largest_slices_are_the_published_ones():
    assert "16x20x28" in machine_named("ct5p-hightpu-4t").topologies
    assert "16x24x24" in machine_named("tpu7x-standard-4t").topologies
    assert "16x24x24" not in machine_named("ct5p-hightpu-4t").topologies
    assert "8x4x4" not in machine_named("ct5p-hightpu-4t").topologies, "edges are in ascending order"


# Intent becomes a machine


@pytest.mark.parametrize(
    ("cloud", "accelerator", "per_node", "name"),
    [
        ("aws", "h100", 8, "p5.48xlarge"),
        ("aws", "h100", 1, "p5.4xlarge"),
        ("aws", "l4", 1, "g6.xlarge"),
        ("aws", "h200", 8, "p5e.48xlarge"),
        ("aws", "trainium2", 16, "trn2.48xlarge"),
        ("gcp", "l4", 1, "g2-standard-4"),
        ("gcp", "l4", 2, "g2-standard-24"),
        ("gcp", "h100", 8, "a3-highgpu-8g"),
        ("gcp", "gb200", 4, "a4x-highgpu-4g"),
        ("gcp", "tpu-v6e", 4, "ct6e-standard-4t"),
    ],
)
def test_an_accelerator_and_a_count_become_the_smallest_machine(
    cloud: Cloud, accelerator: str, per_node: int, name: str
):
    assert catalog.machine_for_accelerator(cloud, accelerator, per_node).name == name


def test_a_count_that_does_not_exist_says_which_do_here_and_elsewhere():
    with pytest.raises(NoSuchMachine, match=r"3 x h100: 1 or 8 per node exist; gcp has it in 1, 2, 4 or 8") as caught:
        catalog.machine_for_accelerator("aws", "h100", 3)
    assert caught.value.permitted == (1, 8)
    assert caught.value.elsewhere == {"gcp": (1, 2, 4, 8)}


def test_an_accelerator_of_another_cloud_says_where_it_is():
    with pytest.raises(NoSuchMachine, match="gcp has no machine with trainium; aws has it in 1 or 16") as caught:
        catalog.machine_for_accelerator("gcp", "trainium", 16)
    assert caught.value.permitted == ()
    assert caught.value.elsewhere == {"aws": (1, 16)}


def test_an_accelerator_that_nobody_has_is_an_error_without_a_place():
    with pytest.raises(NoSuchMachine, match=r"^aws has no machine with h900$"):
        catalog.machine_for_accelerator("aws", "h900", 1)


@pytest.mark.parametrize(
    ("cloud", "vcpu", "memory_gib", "arch", "name"),
    [
        ("aws", 4, 16, "amd64", "m7i.xlarge"),
        ("aws", 4, 17, "amd64", "m7i.2xlarge"),
        ("aws", 3, 1, "arm64", "m7g.xlarge"),
        ("gcp", 5, 16, "amd64", "e2-standard-8"),
        ("gcp", 33, 16, "amd64", "n2-standard-48"),
        ("gcp", 72, 288, "arm64", "c4a-standard-72"),
    ],
)
def test_cpu_and_memory_become_the_smallest_machine_that_holds_both(
    cloud: Cloud, vcpu: int, memory_gib: int, arch: catalog.Arch, name: str
):
    assert catalog.machine_for_cpu(cloud, vcpu, memory_gib, arch).name == name


def test_too_much_cpu_names_the_largest_machine():
    with pytest.raises(NoSuchMachine, match="n2-standard-128, has 128 vCPU and 512 GiB"):
        catalog.machine_for_cpu("gcp", 200, 4, "amd64")


# What a kubelet leaves


@pytest.mark.parametrize(
    ("name", "pods", "millicores", "memory_mib"),
    [
        ("p5.48xlarge", 100, 191_450, 1_938_410),
        ("p6-b300.48xlarge", 198, 191_450, 3_877_198),
        ("g6.xlarge", 58, 3_920, 14_162),
        ("g5.12xlarge", 737, 47_810, 173_400),
        ("trn1.32xlarge", 247, 127_610, 481_894),
        ("m7g.12xlarge", 234, 47_810, 178_874),
    ],
)
def test_eks_leaves_what_karpenters_reference_publishes(name: str, pods: int, millicores: int, memory_mib: int):
    left = catalog.allocatable(machine_named(name), pods, boot_disk_gib=20)
    assert (left.cpu_millicores, left.memory_mib, left.pods) == (millicores, memory_mib, pods)
    assert left.ephemeral_storage_gib == 17, "the reference assumes a disk of 20 GiB"


def test_gke_leaves_what_its_documentation_publishes():
    """The node of "Plan node sizes": 4 vCPU, 16 GiB, a disk of 100 GB."""
    left = catalog.allocatable(machine_named("e2-standard-4"))
    assert left.cpu_millicores == 3920
    assert left.memory_mib == pytest.approx(13_498_416 / 1024, rel=0.01), "what the kernel keeps is an estimate"
    assert left.ephemeral_storage_gib == 47_060_071_478 // 2**30
    assert left.pods == 110


def test_most_pods_follow_the_clouds_rule():
    assert catalog.max_pods(machine_named("g6.4xlarge")) == 110
    assert catalog.max_pods(machine_named("g6.8xlarge")) == 250
    assert catalog.max_pods(machine_named("a3-highgpu-8g")) == 110
    assert catalog.allocatable(machine_named("p5.48xlarge")).pods == 250


@pytest.mark.parametrize("machine", EVERY_MACHINE, ids=lambda machine: machine.name)
def test_every_machine_leaves_most_of_itself(machine: Machine):
    left = catalog.allocatable(machine)
    assert 0.9 < left.cpu_millicores / (1000 * machine.vcpu) < 1
    assert 0.6 < left.memory_mib / (1024 * machine.memory_gib) < 1
    assert left.ephemeral_storage_gib > 0


# Labels, taints and resources


def every_label(machine: Machine, capacity: Capacity) -> dict[str, str]:
    parts = (
        catalog.standard_labels(machine),
        catalog.accelerator_labels(machine),
        catalog.cloud_labels(machine, "pool", capacity),
    )
    merged = {key: value for part in parts for key, value in part.items()}
    assert len(merged) == sum(map(len, parts)), "two parts claim the same label"
    return merged


@pytest.mark.parametrize("machine", EVERY_MACHINE, ids=lambda machine: machine.name)
def test_every_label_is_one_that_kubernetes_takes(machine: Machine):
    capacities: tuple[Capacity, ...] = ("on-demand", "spot", "reserved")
    for capacity in capacities:
        for key, value in every_label(machine, capacity).items():
            assert LABEL_VALUE.fullmatch(value), f"{key}={value}"


def test_an_l4_node_on_gke_carries_what_a_published_node_does():
    """Labels of a real node with one L4 on Google Cloud, but for those that change with the driver."""
    published = {
        "nvidia.com/gpu.family": "ada-lovelace",
        "nvidia.com/gpu.machine": "Google-Compute-Engine",
        "nvidia.com/gpu.memory": "23034",
        "nvidia.com/gpu.mode": "compute",
        "nvidia.com/gpu.present": "true",
        "nvidia.com/gpu.product": "NVIDIA-L4",
        "nvidia.com/gpu.replicas": "1",
        "nvidia.com/gpu.sharing-strategy": "none",
        "nvidia.com/mig.capable": "false",
        "nvidia.com/mps.capable": "false",
        "nvidia.com/vgpu.present": "false",
    }
    labels = catalog.accelerator_labels(machine_named("g2-standard-4"))
    assert labels.items() >= published.items()
    assert labels["nvidia.com/gpu.count"] == "1"


def test_labels_that_change_with_the_driver_or_without_a_source_are_left_out():
    for machine in EVERY_MACHINE:
        labels = catalog.accelerator_labels(machine)
        assert not [key for key in labels if "cuda" in key or "timestamp" in key or "mig.strategy" in key]
    assert "nvidia.com/gpu.memory" not in catalog.accelerator_labels(machine_named("g7.48xlarge"))


def test_only_nvidia_machines_carry_gpu_labels():
    for machine in EVERY_MACHINE:
        vendor = machine.accelerator and ACCELERATORS[machine.accelerator].vendor
        assert bool(catalog.accelerator_labels(machine)) == (vendor == "nvidia"), machine.name


def test_a_family_follows_from_the_compute_capability_as_gpu_feature_discovery_derives_it():
    families = {(7, 5): "turing", (8, 0): "ampere", (8, 6): "ampere", (8, 9): "ada-lovelace"}
    majors = {9: "hopper", 10: "blackwell", 12: "blackwell"}
    for accelerator in ACCELERATORS.values():
        if accelerator.gfd:
            capability = accelerator.gfd.compute_capability
            assert accelerator.gfd.family == families.get(capability, majors.get(capability[0])), accelerator.name


def test_eks_names_the_node_group_and_how_it_is_paid_for():
    machine = machine_named("p5.48xlarge")
    assert catalog.cloud_labels(machine, "train", "reserved") == {
        "eks.amazonaws.com/nodegroup": "train",
        "eks.amazonaws.com/capacityType": "CAPACITY_BLOCK",
    }
    assert catalog.cloud_labels(machine, "train", "spot")["eks.amazonaws.com/capacityType"] == "SPOT"
    assert catalog.cloud_labels(machine, "train", "on-demand")["eks.amazonaws.com/capacityType"] == "ON_DEMAND"


def test_gke_marks_spot_nodes_and_them_alone():
    machine = machine_named("a3-megagpu-8g")
    spot = catalog.cloud_labels(machine, "train", "spot")
    assert spot["cloud.google.com/gke-spot"] == "true"
    assert spot["cloud.google.com/gke-provisioning"] == "spot"
    for capacity in ("on-demand", "reserved"):
        labels = catalog.cloud_labels(machine, "train", capacity)
        assert "cloud.google.com/gke-spot" not in labels
        assert labels["cloud.google.com/gke-provisioning"] == "standard"
    assert spot["cloud.google.com/gke-accelerator"] == "nvidia-h100-mega-80gb", "one accelerator, two names at Google"
    assert spot["cloud.google.com/machine-family"] == "a3"


def test_a_tpu_node_carries_its_slice_and_no_gpu_label():
    machine = machine_named("ct6e-standard-4t")
    labels = catalog.cloud_labels(machine, "train", "on-demand", topology="4x4")
    assert labels["cloud.google.com/gke-tpu-accelerator"] == "tpu-v6e-slice"
    assert labels["cloud.google.com/gke-tpu-topology"] == "4x4"
    assert "cloud.google.com/gke-accelerator" not in labels
    single = catalog.cloud_labels(machine, "train", "on-demand")
    assert single["cloud.google.com/gke-tpu-topology"] == "2x2", "the slice of one node when none is asked for"
    with pytest.raises(ValueError, match="has no slice 3x3"):
        catalog.cloud_labels(machine, "train", "on-demand", topology="3x3")


@pytest.mark.parametrize(
    ("name", "resources", "taints"),
    [
        ("m7i.large", {}, []),
        ("g2-standard-4", {"nvidia.com/gpu": 1}, ["nvidia.com/gpu=present:NoSchedule"]),
        ("p5.48xlarge", {"nvidia.com/gpu": 8, "vpc.amazonaws.com/efa": 32}, ["nvidia.com/gpu=present:NoSchedule"]),
        ("tpu7x-standard-4t", {"google.com/tpu": 4}, ["google.com/tpu=present:NoSchedule"]),
        (
            "trn2.48xlarge",
            {"aws.amazon.com/neuron": 16, "aws.amazon.com/neuroncore": 128, "vpc.amazonaws.com/efa": 16},
            ["aws.amazon.com/neuron=present:NoSchedule"],
        ),
    ],
)
def test_devices_become_resources_behind_a_taint(name: str, resources: dict[str, int], taints: list[str]):
    machine = machine_named(name)
    assert catalog.accelerator_resources(machine) == resources
    assert [f"{t.key}={t.value}:{t.effect}" for t in catalog.accelerator_taints(machine)] == taints


def test_only_gke_taints_arm_nodes():
    assert [taint.key for taint in catalog.architecture_taints(machine_named("a4x-highgpu-4g"))] == [
        "kubernetes.io/arch"
    ]
    assert not catalog.architecture_taints(machine_named("m7g.large"))
    assert not catalog.architecture_taints(machine_named("e2-standard-2"))
