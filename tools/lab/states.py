"""Which of a lab's processes live, from their records.

Owns the words for it. It does not own the records (`processes`), nor change anything.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Literal

import psutil

from tools.lab import processes
from tools.lab.components import COMPONENTS
from tools.lab.layout import Layout
from tools.lab.records import Component

MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class ComponentStatus:
    """A line of `status`: stopped is on purpose, dead is not."""

    name: str
    state: Literal["running", "stopped", "dead"]
    pid: int | None = None
    ports: tuple[int, ...] = ()
    rss_mib: int = 0


def running_of(layout: Layout) -> dict[str, processes.Running]:
    """Return the living processes by their component."""
    found = {component.name: processes.read(layout.record(component.name)) for component in COMPONENTS}
    return {name: record for name, record in found.items() if isinstance(record, processes.Running)}


def status_of(layout: Layout, component: Component) -> ComponentStatus:
    """Tell of one component."""
    taken = tuple(layout.ports[port] for port in component.ports if port in layout.ports)
    record = processes.read(layout.record(component.name))
    if record is None:
        return ComponentStatus(name=component.name, state="stopped", ports=taken)
    if isinstance(record, processes.Running):
        with contextlib.suppress(psutil.NoSuchProcess):
            rss = record.process.memory_info().rss // MIB
            pid = record.process.pid
            return ComponentStatus(name=component.name, state="running", pid=pid, ports=taken, rss_mib=rss)
    return ComponentStatus(name=component.name, state="dead", ports=taken)
