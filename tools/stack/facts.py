"""What a cluster says of itself, asked once and put in the shape that the summary prints.

Owns the questions (one call of kubectl for each kind of scope, however many tenants there are) and the reading of the
answers. Does not own how they look (`summary`).
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from components.labels import CAPACITY, POOL, STACK
from components.spec import AcceleratorPool, Stack
from tools.stack.kubernetes import Kubectl
from tools.stack.work import Object, WorkFacts, condition, work_of


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolFacts:
    """A pool's nodes as they are."""

    name: str
    machine: str
    capacity: str
    ready: int
    nodes: int
    accelerator: str
    accelerators: int


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueFacts:
    """A tenant's part of one pool: what its queue owns, may borrow and uses, as Kueue counts it."""

    tenant: str
    pool: str
    resource: str
    nominal: str
    borrowing: str
    used: str
    borrowed: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantFacts:
    """A tenant's queue, and its namespace's quota: resource -> (used, hard)."""

    name: str
    admitted: int
    waiting: int
    quota: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """All that the summary shows."""

    pools: list[PoolFacts]
    tenants: list[TenantFacts]
    queues: list[QueueFacts]
    work: list[WorkFacts]


def gather(kubectl: Kubectl, stack: str, spec: Stack) -> Facts:
    """Ask the cluster. Raises CalledProcessError where it does not answer."""
    objects = _items(
        kubectl("get", "nodes,clusterqueues.kueue.x-k8s.io,resourcequotas,deployments,jobs", "-A", "-o", "json")
    )
    ours = [each for each in objects if each["metadata"].get("labels", {}).get(STACK) == stack]
    events = _items(kubectl("get", "pods", "-A", "--field-selector=status.phase=Pending", "-o", "json"))
    nodes = [each for each in objects if each["kind"] == "Node"]
    queues = {each["metadata"]["name"]: each for each in ours if each["kind"] == "ClusterQueue"}
    quotas = {each["metadata"]["namespace"]: each for each in ours if each["kind"] == "ResourceQuota"}
    workloads = _items(kubectl("get", "workloads.kueue.x-k8s.io", "-A", "-o", "json"))
    return Facts(
        pools=[_pool(name, spec, nodes) for name in spec.pools],
        tenants=[
            _tenant(name, queues[name], quotas[name]) for name in spec.tenants if name in queues and name in quotas
        ],
        queues=[row for name, queue in queues.items() for row in _queue(name, queue)],
        work=[work_of(each, events, workloads) for each in ours if each["kind"] in ("Deployment", "Job")],
    )


def settled(ask: Callable[[], Facts], *, seconds: float) -> Facts:
    """Ask until every workload is in a state that lasts, for at most ``seconds``: queues take a moment."""
    deadline = time.monotonic() + seconds
    while True:
        facts = ask()
        if all(work.settled for work in facts.work) or time.monotonic() > deadline:
            return facts
        time.sleep(0.5)


def _items(text: str) -> list[Any]:
    return json.loads(text)["items"]


def _selector(name: str, spec: Stack) -> Mapping[str, str]:
    existing = spec.pools[name].existing_nodes
    return existing.labels if existing else {POOL: name}


def _pool(name: str, spec: Stack, nodes: Iterable[Object]) -> PoolFacts:
    pool, wanted = spec.pools[name], _selector(name, spec).items()
    own = [node for node in nodes if wanted <= node["metadata"].get("labels", {}).items()]
    labels: Object = own[0]["metadata"]["labels"] if own else {}
    accelerated = isinstance(pool, AcceleratorPool)
    return PoolFacts(
        name=name,
        machine=labels.get("node.kubernetes.io/instance-type", "-"),
        capacity=labels.get(CAPACITY, pool.capacity),
        ready=sum(condition(node, "Ready") == "True" for node in own),
        nodes=len(own),
        accelerator=pool.accelerator if accelerated else "-",
        accelerators=pool.per_node * len(own) if accelerated else 0,
    )


def _tenant(name: str, queue: Object, quota: Object) -> TenantFacts:
    status, amounts = queue.get("status", {}), quota.get("status", {})
    hard, used = amounts.get("hard", {}), amounts.get("used", {})
    return TenantFacts(
        name=name,
        admitted=status.get("admittedWorkloads", 0),
        waiting=status.get("pendingWorkloads", 0),
        quota={resource: (used.get(resource, "0"), limit) for resource, limit in hard.items()},
    )


def _queue(tenant: str, queue: Object) -> Iterable[QueueFacts]:
    used = {
        (flavor["name"], resource["name"]): resource
        for flavor in queue.get("status", {}).get("flavorsUsage", [])
        for resource in flavor["resources"]
    }
    for group in queue["spec"]["resourceGroups"]:
        for flavor in group["flavors"]:
            for row in _telling(flavor["resources"]):
                usage = used.get((flavor["name"], row["name"]), {})
                yield QueueFacts(
                    tenant=tenant,
                    pool=flavor["name"],
                    resource=row["name"],
                    nominal=str(row["nominalQuota"]),
                    borrowing=str(row.get("borrowingLimit", "any")),
                    used=str(usage.get("total", "0")),
                    borrowed=str(usage.get("borrowed", "0")),
                )


def _telling(rows: list[Any]) -> list[Any]:
    """Return the rows that say what a tenant has of a pool: accelerators, or cores where it has none."""
    given = [row for row in rows if {str(row["nominalQuota"]), str(row.get("borrowingLimit", "any"))} != {"0"}]
    accelerators = [row for row in given if row["name"] not in ("cpu", "memory")]
    return accelerators or given[:1]
