"""Simulated nodes look like the machines that the same pools have on the cloud."""

from __future__ import annotations

import pytest

from components import catalog
from components.labels import POOL
from components.spec import AcceleratorPool, Pool
from tests.lab.likeness import amount
from tests.lab.platform import GPU, Platform

pytestmark = [pytest.mark.lab, pytest.mark.enable_socket]


def _machine(pool: Pool) -> catalog.Machine:
    if isinstance(pool, AcceleratorPool):
        return catalog.machine_for_accelerator("aws", pool.accelerator, pool.per_node)
    return catalog.machine_for_cpu("aws", pool.vcpu, 32, pool.arch)


def test_simulated_nodes_are_the_machines_of_the_catalog(platform: Platform) -> None:
    nodes = platform.items("nodes")
    for name, pool in platform.spec.pools.items():
        machine = _machine(pool)
        own = [each for each in nodes if each["metadata"]["labels"][POOL] == name]
        assert len(own) == pool.nodes.max, f"pool {name}: nothing scales a simulated pool, so it has its maximum"
        expected = {
            **catalog.standard_labels(machine),
            **catalog.accelerator_labels(machine),
            **catalog.cloud_labels(machine, name, pool.capacity),
        }
        allocatable = catalog.allocatable(machine)
        for node in own:
            assert expected.items() <= node["metadata"]["labels"].items(), f"{name}: labels of {machine.name}"
            taints = [(each["key"], each["effect"]) for each in node["spec"].get("taints", [])]
            assert taints == [(each.key, each.effect) for each in catalog.accelerator_taints(machine)]
            status = node["status"]
            ready = [each["status"] for each in status["conditions"] if each["type"] == "Ready"]
            assert ready == ["True"], f"{node['metadata']['name']} is not ready"
            left = status["allocatable"]
            assert amount(left["cpu"]) == amount(f"{allocatable.cpu_millicores}m")
            assert amount(left["memory"]) == amount(f"{allocatable.memory_mib}Mi")
            assert left["pods"] == str(allocatable.pods)
            for resource, count in catalog.accelerator_resources(machine).items():
                assert left[resource] == str(count)


def test_an_h100_node_is_what_eks_would_show(platform: Platform) -> None:
    node = platform.items("nodes", "-l", "gpu-platform.dev/accelerator=h100")[0]
    labels, allocatable = node["metadata"]["labels"], node["status"]["allocatable"]
    assert labels["node.kubernetes.io/instance-type"] == "p5.48xlarge"
    assert labels["nvidia.com/gpu.product"] == "NVIDIA-H100-80GB-HBM3", "as GPU feature discovery writes it"
    assert (labels["nvidia.com/gpu.count"], labels["nvidia.com/gpu.memory"]) == ("8", "81559")
    assert labels["eks.amazonaws.com/capacityType"] == "CAPACITY_BLOCK", "the pool's capacity is reserved"
    assert (allocatable[GPU], allocatable["vpc.amazonaws.com/efa"]) == ("8", "32")
    assert labels["gpu-platform.dev/topology-rack"] == labels["topology.k8s.aws/network-node-layer-3"]
