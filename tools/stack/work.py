"""How a workload is, in words: ready, held by its queue and why, or waiting for a node and why.

Owns reading Deployments and Jobs of ours with the Pods and Kueue workloads behind them. Does not own asking the cluster
(`facts`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Object = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkFacts:
    """One workload of ours, and in words how it is."""

    namespace: str
    kind: str
    name: str
    state: str
    good: bool
    settled: bool


def condition(each: Object, kind: str) -> str:
    """Return a condition's status as the object states it, `Unknown` where it does not."""
    conditions = each.get("status", {}).get("conditions", [])
    return next((condition["status"] for condition in conditions if condition["type"] == kind), "Unknown")


def work_of(each: Object, pending: Iterable[Object], workloads: Iterable[Object]) -> WorkFacts:
    """Say how a Deployment or Job is, from the pending Pods and Kueue workloads of the cluster."""
    meta, status = each["metadata"], each.get("status", {})
    settled = True
    if each["kind"] == "Deployment":
        wanted, ready = each["spec"].get("replicas", 1), status.get("readyReplicas", 0)
        reasons = {_reason(pod) for pod in pending if _of(pod, each)} - {""}
        # While it is rolled out, the old Pods may all be ready and a new one have no node.
        good = ready >= wanted and not reasons
        settled = good or bool(reasons)
        state = f"{ready} of {wanted} ready" + (f": {'; '.join(sorted(reasons))}" if reasons else "")
    else:
        state, good, settled = _job(each, workloads)
    return WorkFacts(
        namespace=meta["namespace"], kind=each["kind"], name=meta["name"], state=state, good=good, settled=settled
    )


def _job(job: Object, workloads: Iterable[Object]) -> tuple[str, bool, bool]:
    """Return how a Job is, whether that is as it should be, and whether it is more than a passing state."""
    status, spec = job.get("status", {}), job["spec"]
    wanted, parallel = spec.get("completions", 1), spec.get("parallelism", 1)
    if status.get("succeeded", 0) >= wanted:
        return f"succeeded: {wanted} of {wanted} Pods", True, True
    if condition(job, "Failed") == "True":
        return "failed", False, True
    if not spec.get("suspend"):
        ready = status.get("ready", 0)
        return f"admitted: {ready} of {parallel} Pods running", True, ready == parallel
    owner = job["metadata"]["uid"]
    for workload in workloads:
        if owner in [reference["uid"] for reference in workload["metadata"].get("ownerReferences", [])]:
            conditions = workload.get("status", {}).get("conditions", [])
            held = [each["message"] for each in conditions if each["type"] == "QuotaReserved"]
            return f"held by its queue: {held[0] if held else 'not yet looked at'}", True, bool(held)
    return "suspended, and no queue has taken it", False, False


def _of(pod: Object, deployment: Object) -> bool:
    labels = pod["metadata"].get("labels", {})
    wanted = deployment["spec"]["selector"]["matchLabels"]
    return pod["metadata"]["namespace"] == deployment["metadata"]["namespace"] and wanted.items() <= labels.items()


def _reason(pod: Object) -> str:
    """The scheduler's reason why a Pod has no node, in its own words."""
    conditions = pod.get("status", {}).get("conditions", [])
    return next(
        (c.get("message", "") for c in conditions if c["type"] == "PodScheduled" and c["status"] == "False"), ""
    )
