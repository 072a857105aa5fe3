"""The typed model of a stack file: what a platform team can say about one environment.

Owns the fields, their types and bounds, and the words that editors show for them. Does not own reading files or Pulumi
configuration (``source``, ``engine``), nor rules that need two sections at once (``checks``).

A section is a mapping keyed by name, never a list: an entry keeps its identity when another is added before it.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag

from components.catalog import ACCELERATORS
from components.spec.quantity import Quantity

# Pool, tenant and group names become parts of object names and label values (Kubernetes: DNS label, at most 63
# characters). 30 leaves room for what the platform appends.
Name = Annotated[str, StringConstraints(pattern=r"^[a-z]([-a-z0-9]{0,28}[a-z0-9])?$")]
Count = Annotated[int, Field(ge=0, le=100_000)]
Capacity = Literal["on-demand", "spot", "reserved"]
Architecture = Literal["amd64", "arm64"]


class Part(BaseModel):
    """The base of all parts: immutable, and an unknown field is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Environment(Part):
    """What this environment is for, and who answers for it."""

    purpose: Literal["lab", "dev", "staging", "prod"] = Field(
        description="What it is for; rules are strictest in prod."
    )
    owner: Name = Field(description="The team that answers for it; a label on every object, and the cost owner.")


class SimulatedCluster(Part):
    """The lab's cluster: a real API server with simulated nodes."""

    backend: Literal["simulated"]
    resembles: Literal["aws", "gcp"] = Field(description="The cloud whose machines, labels and taints the nodes copy.")
    region: str = Field(min_length=1, description="The region written on the nodes, such as us-east-1.")
    zones: tuple[str, ...] = Field(
        min_length=1, description="Zones of that region; pools spread over them.", strict=False
    )
    kubeconfig: str | None = Field(default=None, description="Set by `make up` to the lab's own; leave it out.")


class ExistingCluster(Part):
    """A cluster that is already there. The platform is laid over it; its nodes are not ours."""

    backend: Literal["existing"]
    kubeconfig: str = Field(min_length=1, description="Path of the kubeconfig, absolute or from the repository's root.")
    context: str | None = Field(default=None, description="The kubeconfig's context; its current one when left out.")
    adopt: bool = Field(
        default=False,
        description="Take over objects of the same name that lack our label; otherwise they are errors.",
    )


Cluster = Annotated[SimulatedCluster | ExistingCluster, Field(discriminator="backend")]


class Nodes(Part):
    """How many nodes a pool has. Every pool has a maximum, so every pool has a highest price."""

    min: Count = 0
    max: Annotated[int, Field(ge=1, le=5_000)]


class Taint(Part):
    """A node taint, as Kubernetes spells it."""

    key: str = Field(min_length=1)
    value: str = ""
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]


class NodeResources(Part):
    """What one node leaves to Pods."""

    cpu: Annotated[int, Field(ge=1, description="Whole cores.")]
    memory: Quantity


class ExistingNodes(Part):
    """How an existing cluster's nodes of this pool are recognised (backend ``existing`` only)."""

    labels: Mapping[str, str] = Field(min_length=1, description="Labels that exactly this pool's nodes carry.")
    taints: tuple[Taint, ...] = Field(default=(), description="Taints that they carry.", strict=False)
    allocatable: NodeResources = Field(description="What one of them leaves to Pods (kubectl describe node).")


class PoolBase(Part):
    """What every pool states, whatever its machines."""

    nodes: Nodes
    capacity: Capacity = Field(default="on-demand", description="How its machines are bought.")
    existing_nodes: ExistingNodes | None = Field(default=None, description="Backend `existing` only.")


class CpuPool(PoolBase):
    """Nodes without accelerators."""

    vcpu: Annotated[int, Field(ge=1, le=512, description="vCPU of a node: the smallest machine with as many is taken.")]
    memory: Quantity = Field(description="Memory of a node: the smallest machine with as much is taken.")
    arch: Architecture = "amd64"


class AcceleratorPool(PoolBase):
    """Nodes with accelerators, named by what they are and never by machine type."""

    accelerator: str = Field(
        description="The accelerator, as the catalog names it.",
        json_schema_extra={"enum": [*sorted(ACCELERATORS)]},
    )
    per_node: Annotated[int, Field(ge=1, le=16, description="Accelerators on one node.")]


def _pool_kind(value: object) -> str:
    """Tell a pool's kind from what it states, so that its errors speak of the fields its author meant."""
    if isinstance(value, Mapping):
        return "accelerator" if "accelerator" in value or "per_node" in value else "cpu"
    return "accelerator" if isinstance(value, AcceleratorPool) else "cpu"


Pool = Annotated[
    Annotated[CpuPool, Tag("cpu")] | Annotated[AcceleratorPool, Tag("accelerator")], Discriminator(_pool_kind)
]


class Groups(Part):
    """Groups of the cluster's identity provider that may work in a tenant's namespace. People are never named."""

    admins: tuple[str, ...] = Field(default=(), strict=False)
    users: tuple[str, ...] = Field(default=(), strict=False)
    viewers: tuple[str, ...] = Field(default=(), strict=False)


class CpuQuota(Part):
    """A tenant's share of a pool without accelerators."""

    cpu: Annotated[int, Field(ge=1, description="Whole cores.")]
    memory: Quantity


class AcceleratorQuota(Part):
    """A tenant's share of an accelerator pool, in accelerators. Each brings its share of the node's CPU and memory."""

    nominal: Count = Field(default=0, description="What its queue owns, and gets back from borrowers.")
    borrowing: Count = Field(default=0, description="What its queue may borrow of others' idle quota on top.")
    unqueued: Count = Field(default=0, description="What serving may use outside the queue.")


def _quota_kind(value: object) -> str:
    if isinstance(value, Mapping):
        return "cpu" if "cpu" in value or "memory" in value else "accelerator"
    return "cpu" if isinstance(value, CpuQuota) else "accelerator"


PoolQuota = Annotated[
    Annotated[CpuQuota, Tag("cpu")] | Annotated[AcceleratorQuota, Tag("accelerator")], Discriminator(_quota_kind)
]


class Objects(Part):
    """How many objects of a kind a tenant may have: etcd is shared by all."""

    pods: Count = 500
    services: Count = 50
    configmaps: Count = 200
    secrets: Count = 200
    jobs: Count = 500
    volume_claims: Count = 50


class TenantQuota(Part):
    """What a tenant may use. The namespace's totals are computed from the pools' shares, never stated twice."""

    pools: Mapping[Name, PoolQuota] = Field(min_length=1, description="The tenant's share of each pool it may use.")
    storage: Quantity = Field(description="Sum of its volume claims.")
    objects: Objects = Objects()


class Tenant(Part):
    """A team with a namespace, a quota and a queue of its own."""

    groups: Groups = Groups()
    pod_security: Literal["restricted", "baseline"] = Field(
        default="restricted", description="Pod Security Standard that the namespace enforces."
    )
    quota: TenantQuota


class Examples(Part):
    """An inference service and a training job that use the platform as a tenant would."""

    tenant: Name = Field(description="The tenant in whose namespace they run.")
    serving_pool: Name = Field(description="Accelerator pool of the inference Deployment.")
    training_pool: Name = Field(description="Accelerator pool of the training Job.")


class Stack(Part):
    """One environment on one cluster."""

    environment: Environment
    cluster: Cluster
    pools: Mapping[Name, Pool] = Field(min_length=1)
    tenants: Mapping[Name, Tenant] = {}
    examples: Examples | None = None
