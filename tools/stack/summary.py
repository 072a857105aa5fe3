"""The words after `make up`, and all of `make status`: what runs, who may use what, where to look, what to try.

Owns how facts look on a terminal. Does not own the facts (`facts`).
"""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tools.environment import ROOT
from tools.stack.facts import Facts
from tools.stack.workspace import Workspace

_WIDTH = 120
# Kubernetes quantities: a suffix's factor.
_SUFFIXES = {"m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}


def show(facts: Facts, workspace: Workspace, kubectl: Path) -> None:
    """Print the summary."""
    # Off a terminal (a log, a pipe) nothing says how wide it is.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH)
    console.print()
    for table in (_pools(facts), _queues(facts), _tenants(facts), _work(facts)):
        if table.row_count:
            console.print(table)
            console.print()
    console.print(f"kubeconfig  {_short(workspace.kubeconfig)}")
    program = "kubectl" if shutil.which("kubectl") else str(kubectl)
    config = f"--kubeconfig {_short(workspace.kubeconfig)}"
    console.print("try next")
    for line in (
        f"{program} {config} get pods -A -o wide",
        f"edit a quota in stacks/{workspace.source.name} and `make up{_which(workspace)}` again: only that changes",
        f"`make down{_which(workspace)}` takes everything away",
    ):
        console.print(Text(f"  {line}"), soft_wrap=True)


def _which(workspace: Workspace) -> str:
    return "" if workspace.stack == "local" else f" STACK={workspace.stack}"


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for column in columns:
        table.add_column(column, header_style="dim", no_wrap=column != "state")
    return table


def _pools(facts: Facts) -> Table:
    table = _table("Node pools", "pool", "machine", "capacity", "nodes ready", "accelerator", "accelerators")
    for pool in facts.pools:
        ready = Text(f"{pool.ready} of {pool.nodes}", style="" if pool.ready == pool.nodes else "red")
        count = str(pool.accelerators) if pool.accelerators else "-"
        table.add_row(pool.name, pool.machine, pool.capacity, ready, pool.accelerator, count)
    return table


def _queues(facts: Facts) -> Table:
    table = _table("Queues", "tenant", "pool", "resource", "owns", "may borrow", "in use", "of it borrowed")
    for row in sorted(facts.queues, key=lambda queue: (queue.tenant, queue.pool)):
        table.add_row(row.tenant, row.pool, row.resource, row.nominal, row.borrowing, row.used, row.borrowed)
    return table


def _tenants(facts: Facts) -> Table:
    table = _table(
        "Tenants: used of quota", "tenant", "accelerators", "CPU", "memory GiB", "pods", "admitted", "waiting"
    )
    for tenant in facts.tenants:
        accelerators = [name for name in tenant.quota if name.startswith("requests.") and "/" in name]
        listed = [f"{_used(tenant.quota, name)} {name.removeprefix('requests.')}" for name in accelerators]
        table.add_row(
            tenant.name,
            ", ".join(listed) or "-",
            _used(tenant.quota, "requests.cpu"),
            _used(tenant.quota, "requests.memory", unit=2**30),
            _used(tenant.quota, "pods"),
            str(tenant.admitted),
            str(tenant.waiting),
        )
    return table


def _used(quota: Mapping[str, tuple[str, str]], name: str, *, unit: int = 1) -> str:
    if name not in quota:
        return "-"
    used, hard = (_number(amount) / unit for amount in quota[name])
    return f"{used:.0f} of {hard:.0f}"


def _number(quantity: str) -> float:
    """Read a Kubernetes quantity."""
    digits = quantity.rstrip("".join({letter for suffix in _SUFFIXES for letter in suffix}))
    return float(digits) * _SUFFIXES.get(quantity.removeprefix(digits), 1)


def _work(facts: Facts) -> Table:
    table = _table("Workloads", "namespace", "kind", "name", "state")
    for work in facts.work:
        table.add_row(work.namespace, work.kind, work.name, Text(work.state, style="green" if work.good else "red"))
    return table
