"""What every backend is given. Owns the shape alone."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.spec import ExistingCluster, Pool, SimulatedCluster


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterArgs:
    """``stack`` names the cluster; ``kubeconfig`` is its text, a secret, for backends that don't make it themselves."""

    stack: str
    spec: SimulatedCluster | ExistingCluster
    pools: Mapping[str, Pool]
    labels: Mapping[str, str]
    kubeconfig: pulumi.Input[str]
