"""Pods run where the stack file says: serving on the L4 nodes, training on whole H100 nodes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.lab import cluster
from tests.lab.platform import GPU, Document, Platform

pytestmark = [pytest.mark.lab, pytest.mark.enable_socket]


def _running(platform: Platform, app: str, count: int) -> list[Document]:
    """Wait for an example's Pods: the autoscaler and the queue look only now and then."""
    found: list[Document] = []

    def there() -> bool:
        pods = platform.items("pods", "-n", "vision", "-l", f"app.kubernetes.io/name={app}")
        found[:] = [each for each in pods if each["status"].get("phase") == "Running"]
        return len(found) == count

    cluster.eventually(there, f"{count} Pods of {app} run", seconds=120)
    return found


def _nodes_of(platform: Platform, pods: list[Document]) -> list[Document]:
    nodes = {each["metadata"]["name"]: each for each in platform.items("nodes")}
    return [nodes[each["spec"]["nodeName"]] for each in pods]


def _label(key: str) -> Callable[[Document], str]:
    return lambda node: node["metadata"]["labels"].get(key)


def test_inference_runs_on_l4_nodes_in_different_zones(platform: Platform) -> None:
    pods = _running(platform, "inference", 2)
    nodes = _nodes_of(platform, pods)
    assert {_label("gpu-platform.dev/accelerator")(each) for each in nodes} == {"l4"}
    assert len({_label("topology.kubernetes.io/zone")(each) for each in nodes}) == 2, "one lost zone leaves a replica"
    for each in pods:
        assert each["spec"]["nodeSelector"]["gpu-platform.dev/pool"] == "l4"
        assert each["spec"]["priority"] == 100_000, "serving goes before training"
        tolerated = [taint["key"] for taint in each["spec"]["tolerations"] if taint.get("effect") == "NoSchedule"]
        assert tolerated == [GPU], "nothing but the accelerators' taint is tolerated"


def test_training_runs_on_whole_h100_nodes_of_one_zone(platform: Platform) -> None:
    pods = _running(platform, "training", 2)
    nodes = _nodes_of(platform, pods)
    assert {_label("gpu-platform.dev/accelerator")(each) for each in nodes} == {"h100"}
    assert len({each["metadata"]["name"] for each in nodes}) == 2, "a Pod takes a whole node"
    assert len({_label("topology.kubernetes.io/zone")(each) for each in nodes}) == 1, "a fabric does not cross zones"
    assert {each["spec"]["containers"][0]["resources"]["limits"][GPU] for each in pods} == {"8"}


def test_a_pod_without_a_toleration_stays_off_accelerators(platform: Platform) -> None:
    for node in platform.items("nodes", "-l", "gpu-platform.dev/accelerator"):
        assert (GPU, "NoSchedule") in [(each["key"], each["effect"]) for each in node["spec"]["taints"]]
    running = platform.items("pods", "-A", "--field-selector=status.phase=Running")
    wanting = [each for each in running if GPU in each["spec"]["containers"][0]["resources"].get("limits", {})]
    assert len(running) == len(wanting), "all that runs on this cluster asked for an accelerator"


def test_the_training_job_is_admitted_by_its_queue(platform: Platform) -> None:
    _running(platform, "training", 2)
    workloads = platform.items("workloads.kueue.x-k8s.io", "-n", "vision")
    own = [each for each in workloads if each["metadata"]["ownerReferences"][0]["name"] == "training"]
    assert [each["spec"]["queueName"] for each in own] == ["vision"]
    admission = own[0]["status"]["admission"]
    assert admission["clusterQueue"] == "vision"
    assert admission["podSetAssignments"][0]["flavors"][GPU] == "h100", "the flavor is the pool"
