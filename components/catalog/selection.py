"""Intent becomes a machine: the smallest shape that fits, or an error that says what would.

Owns the choice and its error. Does not weigh prices, zones or quota, and corrects no names: that is the
specification's.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from components.catalog import machines_aws, machines_gcp
from components.catalog.model import Arch, Cloud, Machine

MACHINES: Final[Mapping[Cloud, tuple[Machine, ...]]] = MappingProxyType(
    {"aws": machines_aws.MACHINES, "gcp": machines_gcp.MACHINES}
)
"""Every machine shape, by cloud."""


class NoSuchMachine(LookupError):  # noqa: N818  (the name says what is missing, as the built-in StopIteration does)
    """No machine fits the intent.

    ``permitted`` are the counts per node that exist on the cloud that was asked for; ``elsewhere`` those on the other
    clouds that have the accelerator. Both are empty when the intent was CPU and memory.
    """

    def __init__(
        self, message: str, *, permitted: tuple[int, ...] = (), elsewhere: Mapping[Cloud, tuple[int, ...]] | None = None
    ) -> None:
        super().__init__(message)
        self.permitted: Final = permitted
        self.elsewhere: Final[Mapping[Cloud, tuple[int, ...]]] = MappingProxyType(dict(elsewhere or {}))


def accelerator_counts(cloud: Cloud, accelerator: str) -> tuple[int, ...]:
    """The counts per node in which a cloud has an accelerator, ascending; empty if it has none."""
    return tuple(sorted({machine.count for machine in MACHINES[cloud] if machine.accelerator == accelerator}))


def machine_for_accelerator(cloud: Cloud, accelerator: str, per_node: int) -> Machine:
    """The smallest machine with exactly ``per_node`` of an accelerator."""
    fitting = [m for m in MACHINES[cloud] if m.accelerator == accelerator and m.count == per_node]
    if fitting:
        return _smallest(fitting)
    permitted = accelerator_counts(cloud, accelerator)
    elsewhere: dict[Cloud, tuple[int, ...]] = {}
    for other in MACHINES:
        if other != cloud and (counts := accelerator_counts(other, accelerator)):
            elsewhere[other] = counts
    places = "; ".join(f"{other} has it in {_listed(counts)} per node" for other, counts in elsewhere.items())
    if permitted:
        message = f"{cloud} has no machine with {per_node} x {accelerator}: {_listed(permitted)} per node exist"
    else:
        message = f"{cloud} has no machine with {accelerator}"
    raise NoSuchMachine(f"{message}; {places}" if places else message, permitted=permitted, elsewhere=elsewhere)


def machine_for_cpu(cloud: Cloud, vcpu: int, memory_gib: int, arch: Arch) -> Machine:
    """The smallest general-purpose machine with at least this much of both, before what the kubelet keeps."""
    ladder = [m for m in MACHINES[cloud] if m.accelerator is None and m.arch == arch]
    fitting = [m for m in ladder if m.vcpu >= vcpu and m.memory_gib >= memory_gib]
    if fitting:
        return _smallest(fitting)
    largest = max(ladder, key=_size)
    raise NoSuchMachine(
        f"{cloud} has no {arch} machine with {vcpu} vCPU and {memory_gib} GiB: "
        f"the largest, {largest.name}, has {largest.vcpu} vCPU and {largest.memory_gib} GiB"
    )


def _size(machine: Machine) -> tuple[int, int, str]:
    return (machine.vcpu, machine.memory_gib, machine.name)


def _smallest(machines: Iterable[Machine]) -> Machine:
    """By vCPU, then memory; of equals, the first by name, so that the answer never depends on the table's order."""
    return min(machines, key=_size)


def _listed(counts: tuple[int, ...]) -> str:
    *head, last = map(str, counts)
    return f"{', '.join(head)} or {last}" if head else last
