"""What every cluster backend must give: one suite over all of them.

A backend is what the components on top need it to be. Each case is a backend with a stack that uses it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pytest
from pulumi.runtime import rpc

from components.clusters import BACKENDS, Cluster, ClusterArgs, create_cluster
from components.labels import ACCELERATOR, CAPACITY, POOL, STACK, ownership
from components.spec import AcceleratorPool, SimulatedCluster, Stack
from tests.platform import KUBECONFIG, changed, committed, recorded
from tools.recorder import Recording, record


@dataclass(frozen=True)
class Case:
    backend: str
    spec: Stack
    cluster: Cluster
    recording: Recording


def _on_gcp(sections: dict[str, dict[str, object]]) -> None:
    sections["cluster"] |= {"resembles": "gcp", "region": "us-central1", "zones": ["us-central1-a", "us-central1-b"]}


SPECS: dict[str, Callable[[Path], Stack]] = {
    "simulated as aws": lambda _: committed("local"),
    "simulated as gcp": lambda folder: changed(folder, "local", _on_gcp),
    "existing": lambda _: committed("existing"),
}


@pytest.fixture(params=SPECS)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    spec = SPECS[str(request.param)](tmp_path)
    clusters: list[Cluster] = []

    def program() -> None:
        args = ClusterArgs(
            stack="test",
            spec=spec.cluster,
            pools=spec.pools,
            labels=ownership("test", "team", "lab"),
            kubeconfig=KUBECONFIG,
        )
        clusters.append(create_cluster("cluster", args, pulumi.ResourceOptions()))

    recording = record(program)
    return Case(str(request.param).split()[0], spec, clusters[0], recording)


def test_every_backend_has_a_case() -> None:
    covered = {name.split()[0] for name in SPECS}
    assert covered == set(BACKENDS), "a backend outside this suite is a backend that no component can rely on"


def test_every_pool_of_the_stack_file_is_a_pool_of_the_record(case: Case) -> None:
    assert list(case.cluster.pools) == list(case.spec.pools), "in the order of the stack file, which queues keep"


def test_a_pool_has_the_accelerators_that_were_asked_for(case: Case) -> None:
    for name, spec in case.spec.pools.items():
        pool = case.cluster.pools[name]
        if isinstance(spec, AcceleratorPool):
            assert pool.accelerator is not None
            assert (pool.accelerator.name, pool.per_node) == (spec.accelerator, spec.per_node)
            assert pool.resource, "a Pod asks for an accelerator by its resource"
        else:
            assert (pool.accelerator, pool.per_node, pool.resource) == (None, 0, None)


def test_a_pool_leaves_something_to_pods_and_not_more_than_was_asked_for(case: Case) -> None:
    for name, pool in case.cluster.pools.items():
        assert pool.cpu_millicores > 0, name
        assert pool.memory_mib > 0, name
        assert pool.max_nodes == case.spec.pools[name].nodes.max, "every pool has its maximum"


def test_pools_are_told_apart_by_their_selectors(case: Case) -> None:
    selectors = [frozenset(pool.selector.items()) for pool in case.cluster.pools.values()]
    assert all(selectors), "an empty selector would choose every node"
    assert len(set(selectors)) == len(selectors)
    assert all(len(selector) <= 8 for selector in selectors), "Kueue takes at most 8 node labels in a flavor"


def test_an_accelerator_pool_is_tainted_and_its_tolerations_fit(case: Case) -> None:
    for pool in case.cluster.pools.values():
        if pool.accelerator:
            assert "NoSchedule" in {taint.effect for taint in pool.taints}, "other Pods would take its nodes"
        tolerated = {(each["key"], each.get("value", ""), each["effect"]) for each in pool.tolerations}
        assert tolerated == {(taint.key, taint.value, taint.effect) for taint in pool.taints}


def test_the_provider_is_explicit_stable_and_secret(case: Case) -> None:
    (provider,) = case.recording.of("kubernetes")
    assert provider.inputs["clusterIdentifier"] == "gpu-platform/test", "without it a moved port replaces every object"
    assert rpc.is_rpc_secret(provider.inputs["kubeconfig"]), "in the clear, the state would hold it in the clear"
    assert rpc.unwrap_rpc_secret(provider.inputs["kubeconfig"]) == KUBECONFIG


def test_a_pool_is_a_public_component_with_the_inputs_that_policies_read(case: Case) -> None:
    pools = {pool.inputs["pool"]: pool.inputs for pool in case.recording.of("NodePool")}
    assert set(pools) == set(case.spec.pools)
    for name, inputs in pools.items():
        assert inputs["maxNodes"] == case.spec.pools[name].nodes.max
        assert inputs["labels"] == dict(case.cluster.pools[name].selector)


def test_every_object_of_the_platform_carries_the_ownership_labels(tmp_path: Path) -> None:
    for name, spec in SPECS.items():
        objects = [each for each in recorded(spec(tmp_path)).resources if each.type.startswith("kubernetes:")]
        assert objects
        missing = [each.name for each in objects if each.inputs["metadata"]["labels"].get(STACK) != "test"]
        assert missing == [], f"{name}: what carries no label can't be told from a stranger's"


def test_only_an_existing_cluster_guards_what_was_there_before_us(tmp_path: Path) -> None:
    for name, spec in SPECS.items():
        objects = [each for each in recorded(spec(tmp_path)).resources if each.type.startswith("kubernetes:")]
        guarded = {bool(each.before_create) for each in objects}
        assert guarded == {name == "existing"}, f"{name}: each object or none"


def test_adopting_switches_the_guard_off(tmp_path: Path) -> None:
    spec = changed(tmp_path, "existing", lambda sections: sections["cluster"].update(adopt=True))
    assert not any(each.before_create for each in recorded(spec).resources)


def test_simulated_nodes_carry_what_the_pool_and_the_platform_promise(tmp_path: Path) -> None:
    for name in ("simulated as aws", "simulated as gcp"):
        spec = SPECS[name](tmp_path)
        nodes = recorded(spec).of("Node")
        assert len(nodes) == sum(pool.nodes.max for pool in spec.pools.values())
        for node in nodes:
            labels = node.inputs["metadata"]["labels"]
            pool = spec.pools[labels[POOL]]
            assert labels[CAPACITY] == pool.capacity
            assert isinstance(spec.cluster, SimulatedCluster)
            assert labels["topology.kubernetes.io/zone"] in spec.cluster.zones
            if isinstance(pool, AcceleratorPool):
                assert labels[ACCELERATOR] == pool.accelerator
                assert node.inputs["status"]["allocatable"]["nvidia.com/gpu"] == str(pool.per_node)
