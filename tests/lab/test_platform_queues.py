"""Kueue holds what has no room, admits it when there is, lends what is idle, and takes it back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab import cluster
from tests.lab.platform import GPU, Document, Platform, training

pytestmark = [pytest.mark.lab, pytest.mark.enable_socket]

_SECONDS = 120


@pytest.fixture
def queues(platform: Platform) -> Iterator[Platform]:
    """Return the platform with its training example running, and clear away what a test queued."""
    cluster.eventually(
        lambda: _running(platform, "vision", "training") == 2, "the example holds vision's own 16 GPUs", _SECONDS
    )
    yield platform
    for tenant in ("vision", "language"):
        platform.lab.kubectl("delete", "jobs", "-n", tenant, "-l", "!app.kubernetes.io/name", "--wait=true")
    cluster.eventually(lambda: _borrowed(platform, "vision") == 0, "what was borrowed is back", _SECONDS)
    cluster.eventually(lambda: _used(platform, "language") == 0, "the queue of language is empty", _SECONDS)


def _running(platform: Platform, tenant: str, job: str) -> int:
    return platform.get("job", job, "-n", tenant)["status"].get("ready", 0)


def _workload(platform: Platform, tenant: str, job: str) -> Document | None:
    found = platform.items("workloads.kueue.x-k8s.io", "-n", tenant)
    return next((each for each in found if each["metadata"]["ownerReferences"][0]["name"] == job), None)


def _condition(platform: Platform, tenant: str, job: str, kind: str) -> Document:
    workload = _workload(platform, tenant, job)
    conditions: list[Document] = workload.get("status", {}).get("conditions", []) if workload else []
    return next((each for each in conditions if each["type"] == kind), Document())


def _flavor(platform: Platform, queue: str) -> Document:
    usage = platform.get("clusterqueue", queue)["status"].get("flavorsUsage", [])
    rows = [row for flavor in usage if flavor["name"] == "h100" for row in flavor["resources"] if row["name"] == GPU]
    return rows[0] if rows else {}


def _borrowed(platform: Platform, queue: str) -> int:
    return int(_flavor(platform, queue).get("borrowed", 0))


def _used(platform: Platform, queue: str) -> int:
    return int(_flavor(platform, queue).get("total", 0))


def _is_held(platform: Platform, tenant: str, job: str) -> bool:
    return _condition(platform, tenant, job, "QuotaReserved").get("status") == "False"


def test_a_job_above_all_that_could_be_borrowed_is_held_with_its_reason(queues: Platform) -> None:
    queues.create(training("too-big", "language", 5), user="bob", group="language")
    cluster.eventually(lambda: _is_held(queues, "language", "too-big"), "Kueue says no", _SECONDS)
    reason = _condition(queues, "language", "too-big", "QuotaReserved")["message"]
    assert GPU in reason, f"the reason names the resource: {reason}"
    assert "h100" in reason, f"and the pool: {reason}"
    assert queues.get("job", "too-big", "-n", "language")["spec"]["suspend"] is True
    status = queues.checkout.run("status")
    assert "held by its queue" not in status.stdout, "the summary tells of the stack's own workloads"
    assert not queues.items("pods", "-n", "language"), "a held job has no Pods"


def test_a_job_waits_while_all_is_in_use_and_is_admitted_when_quota_becomes_free(queues: Platform) -> None:
    queues.create(training("first", "language", 2), user="bob", group="language")
    cluster.eventually(lambda: _running(queues, "language", "first") == 2, "the first job runs", _SECONDS)
    queues.create(training("second", "language", 2), user="bob", group="language")
    cluster.eventually(lambda: _is_held(queues, "language", "second"), "the second one waits", _SECONDS)
    reason = _condition(queues, "language", "second", "QuotaReserved")["message"]
    assert f"insufficient unused quota for {GPU} in flavor h100" in reason, reason
    queues.lab.kubectl("delete", "job", "first", "-n", "language", "--wait=true")
    cluster.eventually(lambda: _running(queues, "language", "second") == 2, "the second job runs", _SECONDS)
    pods = queues.items("pods", "-n", "language", "-l", "job-name=second")
    for each in pods:
        assert each["spec"]["nodeSelector"]["gpu-platform.dev/pool"] == "h100", "the flavor chose the nodes"
        assert each["spec"]["nodeName"].startswith("h100-")
        assert GPU in [taint.get("key") for taint in each["spec"]["tolerations"]], "and let the Pod onto them"


def test_a_tenant_borrows_what_another_leaves_idle_and_gives_it_back(queues: Platform) -> None:
    queues.create(training("borrower", "vision", 2), user="ann", group="vision")
    cluster.eventually(lambda: _running(queues, "vision", "borrower") == 2, "the borrower runs", _SECONDS)
    cluster.eventually(lambda: _borrowed(queues, "vision") == 16, "16 GPUs count as borrowed", _SECONDS)
    queues.create(training("owner", "language", 2), user="bob", group="language")
    cluster.eventually(lambda: _running(queues, "language", "owner") == 2, "the owner has its GPUs back", _SECONDS)
    evicted = _condition(queues, "vision", "borrower", "Preempted")
    assert evicted["status"] == "True"
    assert evicted["reason"] == "InCohortReclamation", "it was reclaimed, not outranked"
    assert queues.get("job", "borrower", "-n", "vision")["spec"]["suspend"] is True, "the borrower waits for its turn"
    assert _running(queues, "vision", "training") == 2, "what runs on a tenant's own quota is left alone"
