"""What a lab is for: real quotas, queues and webhooks over simulated nodes."""

from __future__ import annotations

import pytest

from tests.lab import cluster
from tools.lab import Lab, LabError

pytestmark = [pytest.mark.lab, pytest.mark.enable_socket]


def conditions(document: cluster.Document) -> dict[str, str]:
    found: list[dict[str, str]] = document["status"].get("conditions") or []
    return {condition["type"]: condition["status"] for condition in found}


@pytest.mark.parametrize(
    ("quota", "spec", "complaint"),
    [
        ({"nominalQuota": 4, "lendingLimit": 5}, {"cohortName": "lab"}, "lendingLimit"),
        ({"nominalQuota": 4, "borrowingLimit": 1}, {}, "borrowingLimit"),
    ],
)
def test_a_bad_queue_is_refused_as_on_a_real_cluster(
    lab: Lab, quota: cluster.Document, spec: cluster.Document, complaint: str
) -> None:
    with pytest.raises(LabError, match=complaint):
        cluster.apply(lab, cluster.cluster_queue("bad", quota, **spec), dry_run=True)


def test_a_queued_job_is_admitted_runs_for_its_time_on_a_simulated_node_and_succeeds(lab: Lab) -> None:
    cluster.apply(lab, cluster.gpu_node("queued-gpu"), *cluster.flavor_and_local_queue("gpus"))
    cluster.apply(lab, cluster.cluster_queue("gpus", {"nominalQuota": 8}))
    cluster.apply(lab, cluster.gpu_job("first", 8, queue="gpus", seconds=5))
    cluster.eventually(
        lambda: conditions(cluster.get(lab, "job", "first")).get("Complete") == "True", "the job completes"
    )
    pod = cluster.get(lab, "pods", "-l", "job-name=first")["items"][0]
    node = cluster.get(lab, "node", pod["spec"]["nodeName"])
    assert node["metadata"]["annotations"]["kwok.x-k8s.io/node"] == "fake", "whichever of the lab's GPU nodes is free"
    job = cluster.get(lab, "job", "first")
    assert job["spec"]["suspend"] is False, "Kueue admits a job by resuming it"


def test_a_job_over_the_quota_waits(lab: Lab) -> None:
    cluster.apply(lab, cluster.gpu_node("small-gpu"), *cluster.flavor_and_local_queue("small"))
    cluster.apply(lab, cluster.cluster_queue("small", {"nominalQuota": 1}))
    cluster.apply(lab, cluster.gpu_job("too-big", 2, queue="small"))

    def held() -> bool:
        workloads = cluster.get(lab, "workloads.kueue.x-k8s.io")["items"]
        owned = [one for one in workloads if one["metadata"]["ownerReferences"][0]["name"] == "too-big"]
        return bool(owned) and conditions(owned[0]).get("QuotaReserved") == "False"

    cluster.eventually(held, "Kueue says that the quota is too small")
    assert cluster.get(lab, "job", "too-big")["spec"]["suspend"] is True


def test_a_job_without_a_queue_runs_at_once(lab: Lab) -> None:
    cluster.apply(lab, cluster.gpu_node("free-gpu"), cluster.gpu_job("unqueued", 1))
    cluster.eventually(
        lambda: conditions(cluster.get(lab, "job", "unqueued")).get("Complete") == "True", "the job completes"
    )


def test_the_default_admission_plugins_work(lab: Lab) -> None:
    namespace = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": "strict", "labels": {"pod-security.kubernetes.io/enforce": "restricted"}},
    }
    cluster.apply(lab, namespace)
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "root", "namespace": "strict"},
        "spec": {"containers": [{"name": "root", "image": "example.com/root:1"}]},
    }
    with pytest.raises(LabError, match="violates PodSecurity"):
        cluster.apply(lab, pod, dry_run=True)


def test_crds_have_their_versions_converted_by_kueue(lab: Lab) -> None:
    cluster.apply(lab, *cluster.flavor_and_local_queue("converted"))
    old = cluster.get(lab, "localqueues.v1beta1.kueue.x-k8s.io", "converted")
    assert old["apiVersion"] == "kueue.x-k8s.io/v1beta1"
