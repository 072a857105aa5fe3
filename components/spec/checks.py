"""Rules that need more than one value of a stack file: references, kinds, and sums against what a pool can hold.

Owns only rules. Each looks at the parts that are valid by themselves, so a mistake in one entry is reported once;
whether a referenced name exists is looked up in the raw data, so that a reference to a bad entry is not called
unknown.
"""

import re
from collections.abc import Iterator, Mapping
from typing import cast

from components import catalog
from components.spec.model import (
    AcceleratorPool,
    AcceleratorQuota,
    CpuPool,
    CpuQuota,
    Examples,
    ExistingCluster,
    Pool,
    SimulatedCluster,
    Tenant,
)
from components.spec.problems import Path, Place, Problem, unknown_value
from components.spec.quantity import mebibytes

NAME_RULE = "lower-case letters, digits and '-', starting with a letter, at most 30 characters"
_NAME = re.compile(r"[a-z]([-a-z0-9]{0,28}[a-z0-9])?")
# Namespaces that Kubernetes and the platform itself use; a tenant of that name would take one over.
_RESERVED = re.compile(r"default|kube-.*|kueue-system|gpu-platform.*")

Cluster = SimulatedCluster | ExistingCluster


def is_name(word: str) -> bool:
    """Whether ``word`` can name a pool or a tenant."""
    return _NAME.fullmatch(word) is not None


def between_sections(raw: Mapping[str, object], good: Mapping[str, object], place: Place) -> list[Problem]:
    """Return the problems between valid parts. ``raw`` tells which names were meant to exist."""
    pools = cast("Mapping[str, Pool]", good.get("pools", {}))
    tenants = cast("Mapping[str, Tenant]", good.get("tenants", {}))
    cluster = cast("Cluster | None", good.get("cluster"))
    examples = cast("Examples | None", good.get("examples"))
    problems: list[Problem] = []
    for name, pool in pools.items():
        problems += _pool(("pools", name), pool, cluster, place)
    for name, tenant in tenants.items():
        problems += _tenant(("tenants", name), name, tenant, pools, _names(raw, "pools"), place)
    problems += _sums(pools, tenants, place)
    if examples:
        problems += _examples(examples, pools, tenants, raw, place)
    return problems


def _names(raw: Mapping[str, object], section: str) -> list[str]:
    value = raw.get(section)
    return list(cast("Mapping[str, object]", value)) if isinstance(value, dict) else []


def _pool(path: Path, pool: Pool, cluster: Cluster | None, place: Place) -> Iterator[Problem]:
    if pool.nodes.min > pool.nodes.max:
        at = (*path, "nodes", "min")
        yield Problem(
            place=place(at), path=at, message=f"{pool.nodes.min} is above max", permitted=f"0 to {pool.nodes.max}"
        )
    at = (*path, "existing_nodes")
    if isinstance(cluster, ExistingCluster) and pool.existing_nodes is None:
        message = "is missing: on an existing cluster it says how the pool's nodes are recognised"
        yield Problem(place=place(at), path=at, message=message)
    if isinstance(cluster, SimulatedCluster) and pool.existing_nodes is not None:
        message = "is for backend 'existing': this backend makes the nodes itself; remove it"
        yield Problem(place=place(at), path=at, message=message)
    if isinstance(pool, AcceleratorPool) and pool.accelerator not in catalog.ACCELERATORS:
        at = (*path, "accelerator")
        yield unknown_value(at, pool.accelerator, sorted(catalog.ACCELERATORS), place)
    elif isinstance(cluster, SimulatedCluster):
        yield from _machine(path, pool, cluster.resembles, place)


def _machine(path: Path, pool: Pool, cloud: catalog.Cloud, place: Place) -> Iterator[Problem]:
    """The cloud must have a machine for the pool's intent."""
    try:
        if isinstance(pool, CpuPool):
            catalog.machine_for_cpu(cloud, pool.vcpu, -(-mebibytes(pool.memory) // 1024), pool.arch)
        else:
            catalog.machine_for_accelerator(cloud, pool.accelerator, pool.per_node)
    except catalog.NoSuchMachine as error:
        at = (*path, "vcpu" if isinstance(pool, CpuPool) else "per_node")
        yield Problem(place=place(at), path=at, message=str(error))


def _tenant(
    path: Path, name: str, tenant: Tenant, pools: Mapping[str, Pool], known: list[str], place: Place
) -> Iterator[Problem]:
    if _RESERVED.fullmatch(name):
        yield Problem(
            place=place(path), path=path, message=f"'{name}' is a namespace of the cluster's own; take another"
        )
    for pool_name, quota in tenant.quota.pools.items():
        at = (*path, "quota", "pools", pool_name)
        if pool_name not in known:
            yield unknown_value(at, pool_name, known, place)
            continue
        pool = pools.get(pool_name)
        if isinstance(pool, AcceleratorPool) and isinstance(quota, CpuQuota):
            yield _kind(at, "has accelerators", AcceleratorQuota, place)
        elif isinstance(pool, CpuPool) and isinstance(quota, AcceleratorQuota):
            yield _kind(at, "has no accelerators", CpuQuota, place)


def _kind(path: Path, what: str, fields: type[AcceleratorQuota | CpuQuota], place: Place) -> Problem:
    message = f"pool '{path[-1]}' {what}, and its quota is stated otherwise"
    return Problem(place=place(path), path=path, message=message, permitted=", ".join(fields.model_fields))


def _sums(pools: Mapping[str, Pool], tenants: Mapping[str, Tenant], place: Place) -> Iterator[Problem]:
    """Quotas above what a pool can hold promise what no one can have, and defeat priorities (kueue issue 4782)."""
    given: dict[str, dict[str, int]] = {}
    for tenant_name, tenant in tenants.items():
        for pool_name, quota in tenant.quota.pools.items():
            if isinstance(quota, AcceleratorQuota):
                given.setdefault(pool_name, {})[tenant_name] = quota.nominal + quota.unqueued
    for pool_name, shares in given.items():
        pool = pools.get(pool_name)
        if not isinstance(pool, AcceleratorPool):
            continue
        capacity, total = pool.nodes.max * pool.per_node, sum(shares.values())
        if total > capacity:
            path = ("pools", pool_name, "nodes", "max")
            terms = " + ".join(f"{count} ({tenant})" for tenant, count in shares.items() if count)
            message = f"the tenants' quotas add up to {terms} = {total}, above the pool's {capacity} at its maximum"
            yield Problem(
                place=place(path), path=path, message=message, permitted=f"quotas of {capacity} in all, or more nodes"
            )


def _examples(
    examples: Examples,
    pools: Mapping[str, Pool],
    tenants: Mapping[str, Tenant],
    raw: Mapping[str, object],
    place: Place,
) -> Iterator[Problem]:
    known = _names(raw, "tenants")
    if examples.tenant not in known:
        yield unknown_value(("examples", "tenant"), examples.tenant, known, place)
    tenant = tenants.get(examples.tenant)
    for field in ("serving_pool", "training_pool"):
        path, pool_name = ("examples", field), str(getattr(examples, field))
        if pool_name not in _names(raw, "pools"):
            yield unknown_value(path, pool_name, _names(raw, "pools"), place)
        elif isinstance(pools.get(pool_name), CpuPool):
            having = [name for name, pool in pools.items() if isinstance(pool, AcceleratorPool)]
            message = f"pool '{pool_name}' has no accelerators"
            yield Problem(place=place(path), path=path, message=message, permitted=", ".join(having))
        elif tenant and pool_name not in tenant.quota.pools:
            message = f"tenant '{examples.tenant}' has no quota on pool '{pool_name}'"
            yield Problem(place=place(path), path=path, message=message, permitted=", ".join(tenant.quota.pools))
