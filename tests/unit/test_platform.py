"""The platform as a whole, on the mock engine: names, sums, and what a stack file's fields change."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from components.platform import Platform, PlatformArgs
from tests.platform import KUBECONFIG, changed, committed, recorded
from tools.recorder import Recording, record


@cache
def _local() -> Recording:
    return recorded(committed("local"))


def _hard(recording: Recording, tenant: str) -> dict[str, str]:
    return recording.one("ResourceQuota", f"{tenant}/tenant").inputs["spec"]["hard"]


def _queue(recording: Recording, tenant: str) -> dict[str, dict[str, dict[str, str]]]:
    """Return a ClusterQueue's amounts: flavor -> resource -> the row."""
    group = recording.one("ClusterQueue", tenant).inputs["spec"]["resourceGroups"][0]
    return {flavor["name"]: {row["name"]: row for row in flavor["resources"]} for flavor in group["flavors"]}


def test_names_are_stable_and_unique() -> None:
    urns = [[each.urn for each in _local().resources] for _ in range(2)]
    assert sorted(urns[0]) == sorted(urns[1]), "a second run must find what the first one made"
    assert len(set(urns[0])) == len(urns[0])


def test_two_platforms_in_one_program_do_not_collide() -> None:
    spec = committed("local")

    def program() -> None:
        for name in ("one", "two"):
            Platform(name, PlatformArgs(stack=name, spec=spec, kubeconfig=KUBECONFIG))

    urns = [each.urn for each in record(program).resources]
    assert len(set(urns)) == len(urns)


def test_every_child_begins_with_the_name_of_its_component() -> None:
    recording = _local()
    names = {each.urn: each.name for each in recording.resources}
    strays = [
        each.name
        for each in recording.resources
        if each.parent in names and not each.name.startswith(names[each.parent])
    ]
    assert strays == []


def test_the_namespace_permits_all_that_the_queue_may_admit_and_what_runs_outside_it() -> None:
    # vision: l4 3 unqueued, h100 16 nominal and 16 borrowed.
    assert _hard(_local(), "vision")["requests.nvidia.com/gpu"] == "35"


def test_a_flavor_lists_exactly_the_covered_resources_in_their_order() -> None:
    for queue in _local().of("ClusterQueue"):
        for group in queue.inputs["spec"]["resourceGroups"]:
            for flavor in group["flavors"]:
                assert [row["name"] for row in flavor["resources"]] == group["coveredResources"], (
                    "Kueue refuses another order"
                )


def test_flavors_come_in_the_order_of_the_tenants_pools() -> None:
    assert list(_queue(_local(), "vision")) == ["cpu", "l4", "h100"], "Kueue tries them in this order"


def test_an_accelerator_brings_its_part_of_the_nodes_cpu_and_memory() -> None:
    rows = _queue(_local(), "vision")["h100"]
    assert rows["nvidia.com/gpu"]["nominalQuota"] == "16"
    assert int(rows["cpu"]["nominalQuota"].removesuffix("m")) > 16 * 20_000, "192 vCPU for 8 GPUs: over 20 cores each"


def test_a_tenant_without_groups_of_a_role_gets_no_binding_for_it() -> None:
    names = {each.object_name for each in _local().of("RoleBinding")}
    assert names == {
        "vision/tenant-admin",
        "vision/tenant-user",
        "language/tenant-admin",
        "language/tenant-user",
        "language/tenant-viewer",
    }


def test_no_role_has_a_wildcard_or_reaches_what_the_stack_file_owns() -> None:
    writes = {"create", "update", "patch", "delete"}
    for role in _local().of("ClusterRole"):
        for rule in role.inputs["rules"]:
            assert "*" not in [*rule["apiGroups"], *rule["resources"], *rule["verbs"]]
            owned = {"resourcequotas", "limitranges", "networkpolicies", "roles", "rolebindings"}
            assert not (owned & set(rule["resources"]) and writes & set(rule["verbs"])), (
                "a tenant could lift its own limits"
            )


def test_the_training_job_is_not_awaited_and_the_deployment_for_a_bounded_time() -> None:
    recording = _local()
    job = recording.one("Job", "vision/training").inputs["metadata"]
    assert job["annotations"]["pulumi.com/skipAwait"] == "true", "a Job that is rightly held would block the engine"
    assert job["labels"]["kueue.x-k8s.io/queue-name"] == "vision"
    deployment = recording.one("Deployment", "vision/inference").inputs["metadata"]
    assert int(deployment["annotations"]["pulumi.com/timeoutSeconds"]) < 600, "the provider's default is ten minutes"


def test_the_autoscaler_stays_within_what_the_tenant_may_use_outside_its_queue() -> None:
    scaler = _local().one("HorizontalPodAutoscaler", "vision/inference").inputs["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 3)


def test_examples_are_there_only_when_asked_for(tmp_path: Path) -> None:
    spec = changed(tmp_path, "local", lambda sections: sections.pop("examples"))
    assert not recorded(spec).of("Deployment")
    assert not recorded(spec).of("Job")


def test_nothing_waits_for_a_component_or_in_a_chain() -> None:
    recording = _local()
    by_urn = {each.urn: each for each in recording.resources}

    def depth(urn: str) -> int:
        return 1 + max((depth(on) for on in by_urn[urn].depends_on if on in by_urn), default=0)

    components = {each.urn for each in recording.resources if each.type.startswith("gpu-platform:")}
    assert not [each.name for each in recording.resources if components & set(each.depends_on)]
    assert max(depth(urn) for urn in by_urn) <= 6, "a chain's preview time grows faster than its length"


def _set(path: str, value: object) -> Callable[[Any], None]:
    def change(sections: Any) -> None:
        *way, last = path.split("/")
        for step in way:
            sections = sections[step]
        if value is None:
            del sections[last]
        else:
            sections[last] = value

    return change


QUOTA = "tenants/vision/quota"
FIELDS: dict[str, tuple[str, object]] = {
    "environment.purpose": ("environment/purpose", "dev"),
    "environment.owner": ("environment/owner", "another-team"),
    "cluster.resembles": ("cluster/resembles", "gcp"),
    "cluster.region": ("cluster/region", "eu-west-1"),
    "cluster.zones": ("cluster/zones", ["us-east-1d"]),
    "pools.vcpu": ("pools/cpu/vcpu", 32),
    "pools.memory": ("pools/cpu/memory", "256Gi"),
    "pools.arch": ("pools/cpu/arch", "arm64"),
    "pools.nodes.min": ("pools/cpu/nodes/min", 2),
    "pools.nodes.max": ("pools/cpu/nodes/max", 5),
    "pools.capacity": ("pools/l4/capacity", "spot"),
    "pools.accelerator": ("pools/l4/accelerator", "l40s"),
    "pools.per_node": ("pools/l4/per_node", 4),
    "tenants.groups.admins": ("tenants/vision/groups/admins", ["others"]),
    "tenants.groups.users": ("tenants/vision/groups/users", ["others"]),
    "tenants.groups.viewers": ("tenants/vision/groups/viewers", ["others"]),
    "tenants.pod_security": ("tenants/vision/pod_security", "baseline"),
    "tenants.quota.cpu": (f"{QUOTA}/pools/cpu/cpu", 3),
    "tenants.quota.memory": (f"{QUOTA}/pools/cpu/memory", "3Gi"),
    "tenants.quota.nominal": (f"{QUOTA}/pools/h100/nominal", 8),
    "tenants.quota.borrowing": (f"{QUOTA}/pools/h100/borrowing", 4),
    "tenants.quota.unqueued": (f"{QUOTA}/pools/l4/unqueued", 2),
    "tenants.quota.storage": (f"{QUOTA}/storage", "1Ti"),
    "tenants.quota.objects.pods": (f"{QUOTA}/objects", {"pods": 7}),
    "tenants.quota.objects.services": (f"{QUOTA}/objects", {"services": 7}),
    "tenants.quota.objects.configmaps": (f"{QUOTA}/objects", {"configmaps": 7}),
    "tenants.quota.objects.secrets": (f"{QUOTA}/objects", {"secrets": 7}),
    "tenants.quota.objects.jobs": (f"{QUOTA}/objects", {"jobs": 7}),
    "tenants.quota.objects.volume_claims": (f"{QUOTA}/objects", {"volume_claims": 7}),
    "examples.serving_pool": ("examples/serving_pool", "h100"),
    "examples.training_pool": ("examples/training_pool", "l4"),
    "examples.tenant": ("examples/tenant", "language"),
}


@pytest.mark.parametrize(("path", "value"), FIELDS.values(), ids=FIELDS.keys())
def test_a_field_of_the_stack_file_changes_a_resource(tmp_path: Path, path: str, value: object) -> None:
    before = {each.urn: each.inputs for each in _local().resources}
    after = {each.urn: each.inputs for each in recorded(changed(tmp_path, "local", _set(path, value))).resources}
    assert before != after, "a field that reaches no resource is a promise that no one keeps"
