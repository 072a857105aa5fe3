"""The typed specification of an environment: what a stack file may say.

Owns the stack file's model, its rules, and the messages about its mistakes. Does not own machines
(``components.catalog``) or any cloud object. ``engine`` is imported apart, by the program alone: the tools validate
without Pulumi.
"""

from components.spec.files import load_files, load_stack, stack_names
from components.spec.model import (
    AcceleratorPool,
    AcceleratorQuota,
    CpuPool,
    CpuQuota,
    Environment,
    Examples,
    ExistingCluster,
    Pool,
    SimulatedCluster,
    Stack,
    Tenant,
)
from components.spec.problems import Problem, SpecError

__all__ = [
    "AcceleratorPool",
    "AcceleratorQuota",
    "CpuPool",
    "CpuQuota",
    "Environment",
    "Examples",
    "ExistingCluster",
    "Pool",
    "Problem",
    "SimulatedCluster",
    "SpecError",
    "Stack",
    "Tenant",
    "load_files",
    "load_stack",
    "stack_names",
]
