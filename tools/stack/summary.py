"""The words after `make up`, and all of `make status`: what runs, who may use what, where to look, what to try.

Owns how facts look on a terminal. Does not own the facts (`facts`).
"""

import shutil
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tools.environment import ROOT
from tools.stack.facts import Facts
from tools.stack.workspace import Workspace


def show(facts: Facts, workspace: Workspace, kubectl: Path) -> None:
    """Print the summary."""
    console = Console(highlight=False)
    console.print()
    for table in (_pools(facts), _queues(facts), _tenants(facts), _work(facts)):
        if table.row_count:
            console.print(table)
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
    table.add_section()
    return table


def _queues(facts: Facts) -> Table:
    table = _table("Queues", "tenant", "pool", "resource", "owns", "may borrow", "in use", "of it borrowed")
    for row in sorted(facts.queues, key=lambda queue: (queue.tenant, queue.pool)):
        table.add_row(row.tenant, row.pool, row.resource, row.nominal, row.borrowing, row.used, row.borrowed)
    return table


def _tenants(facts: Facts) -> Table:
    table = _table("Tenants (used of quota)", "tenant", "accelerators", "cpu", "memory", "pods", "admitted", "waiting")
    for tenant in facts.tenants:
        amounts = {name: f"{used} of {hard}" for name, (used, hard) in tenant.quota.items()}
        accelerators = [
            f"{amount} {name.removeprefix('requests.')}"
            for name, amount in amounts.items()
            if "/" in name and "count" not in name
        ]
        table.add_row(
            tenant.name,
            ", ".join(accelerators) or "-",
            amounts.get("requests.cpu", "-"),
            amounts.get("requests.memory", "-"),
            amounts.get("pods", "-"),
            str(tenant.admitted),
            str(tenant.waiting),
        )
    return table


def _work(facts: Facts) -> Table:
    table = _table("Workloads", "namespace", "kind", "name", "state")
    for work in facts.work:
        table.add_row(work.namespace, work.kind, work.name, Text(work.state, style="green" if work.good else "red"))
    return table
