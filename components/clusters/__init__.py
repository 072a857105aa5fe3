"""Cluster backends, one a file, behind one record.

Owns the registry: a backend is a name in the stack file, imported when it is used, so that a stack loads no SDK of a
cloud it is not on. Does not own anything that runs on a cluster.
"""

from importlib import import_module

import pulumi

from components.clusters.arguments import ClusterArgs
from components.clusters.record import Cluster

BACKENDS = {
    "existing": "components.clusters.existing:Existing",
    "simulated": "components.clusters.simulated:Simulated",
}


def create_cluster(name: str, args: ClusterArgs, opts: pulumi.ResourceOptions) -> Cluster:
    """Register the backend that the stack file names, and return its record."""
    module, _, component = BACKENDS[args.spec.backend].partition(":")
    record: Cluster = getattr(import_module(module), component)(name, args, opts).record
    return record


__all__ = ["BACKENDS", "Cluster", "ClusterArgs", "create_cluster"]
