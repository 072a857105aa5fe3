"""What a tenant's namespace refuses: one GPU too many, a container no node can hold, a Pod that is not restricted."""

from __future__ import annotations

import pytest

from tests.lab.platform import GPU, Platform, container, pod
from tools.lab import LabError

pytestmark = [pytest.mark.lab, pytest.mark.enable_socket]


def test_the_quota_permits_the_last_gpu_and_refuses_one_more(platform: Platform) -> None:
    amounts = platform.get("resourcequota", "tenant", "-n", "vision")["status"]
    resource = f"requests.{GPU}"
    hard, used = int(amounts["hard"][resource]), int(amounts["used"][resource])
    left = hard - used
    platform.create(pod("last", "vision", {GPU: left}), dry_run=True)
    with pytest.raises(LabError, match="exceeded quota: tenant") as refused:
        platform.create(pod("one-more", "vision", {GPU: left + 1}), dry_run=True)
    assert "(Forbidden)" in str(refused.value), "the API server's 403"
    assert f"{resource}={left + 1}" in str(refused.value), "the message names the resource and what was asked for"
    assert f"limited: {resource}={hard}" in str(refused.value), "and what is permitted"


def test_a_container_bigger_than_the_biggest_node_is_refused(platform: Platform) -> None:
    biggest = platform.items("nodes", "-l", "gpu-platform.dev/accelerator=h100")[0]["status"]["allocatable"]
    platform.create(pod("as-big", "vision", {"cpu": biggest["cpu"]}), dry_run=True)
    with pytest.raises(LabError, match="maximum cpu usage per Container is"):
        platform.create(pod("bigger", "vision", {"cpu": "193"}), dry_run=True)


def test_a_container_that_says_nothing_gets_small_requests_and_limits(platform: Platform) -> None:
    made = platform.create(pod("silent", "vision"), dry_run=True)
    resources = made["spec"]["containers"][0]["resources"]
    assert resources == {
        "requests": {"cpu": "250m", "memory": "512Mi"},
        "limits": {"cpu": "1", "memory": "2Gi"},
    }


def test_a_privileged_pod_is_refused(platform: Platform) -> None:
    privileged = container(privileged=True, allowPrivilegeEscalation=True)
    with pytest.raises(LabError, match='violates PodSecurity "restricted:latest"') as refused:
        platform.create(pod("privileged", "vision", containers=[privileged]), dry_run=True)
    assert "privileged" in str(refused.value)


def test_a_pod_on_the_nodes_network_is_refused(platform: Platform) -> None:
    with pytest.raises(LabError, match="host namespaces"):
        platform.create(pod("host", "vision", hostNetwork=True), dry_run=True)


@pytest.mark.parametrize("kind", ["NodePort", "LoadBalancer"])
def test_a_service_that_opens_a_port_to_the_outside_is_refused(platform: Platform, kind: str) -> None:
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "public", "namespace": "vision"},
        "spec": {"type": kind, "selector": {"app": "x"}, "ports": [{"port": 80}]},
    }
    with pytest.raises(LabError, match="exceeded quota: tenant"):
        platform.create(service, dry_run=True)
