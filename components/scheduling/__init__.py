"""Priorities of work on a cluster: what gives way to what.

Owns the PriorityClasses. Does not own who may use which, nor the scheduler's configuration.
"""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from components.clusters import Cluster
from components.labels import metadata, named


@dataclass(frozen=True, kw_only=True, slots=True)
class Priority:
    """One class: a larger ``value`` goes first; ``preempts`` says whether it may push others off a node."""

    value: int
    preempts: bool
    description: str


# Below Kubernetes' own system classes (2,000,000,000), and far enough apart for a class between two.
PRIORITIES = {
    "serving": Priority(value=100_000, preempts=True, description="Answers users: inference services."),
    "interactive": Priority(value=80_000, preempts=True, description="A person waits for it: notebooks, debugging."),
    "training": Priority(value=60_000, preempts=True, description="Production training with a date."),
    "batch": Priority(value=40_000, preempts=False, description="Experiments and batch inference."),
    "best-effort": Priority(value=-100, preempts=False, description="Uses what is idle, and gives way to anything."),
}


class PriorityClasses(pulumi.ComponentResource):
    """The cluster's priority classes. ``names`` maps a priority to its PriorityClass."""

    names: dict[str, pulumi.Output[str]]

    def __init__(self, name: str, cluster: Cluster, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gpu-platform:scheduling:PriorityClasses", name, {}, opts)
        self.names = {}
        for key, priority in PRIORITIES.items():
            created = k8s.scheduling.v1.PriorityClass(
                f"{name}-{key}",
                metadata=metadata(cluster.labels, f"gpu-platform-{key}"),
                value=priority.value,
                preemption_policy="PreemptLowerPriority" if priority.preempts else "Never",
                description=priority.description,
                opts=cluster.options(self),
            )
            self.names[key] = named(created, f"gpu-platform-{key}")
        self.register_outputs({})
