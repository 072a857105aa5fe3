"""The labels of this platform's own domain, and the metadata that every object of ours carries.

Owns the domain and its keys; one function makes metadata, so no object is without an owner. Does not own the labels
that clouds, Kubernetes or NVIDIA define (``components.catalog``).
"""

from collections.abc import Mapping

from pulumi import Input, Output, Resource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

DOMAIN = "gpu-platform.dev"

# On nodes: how workloads name what they want, the same on every cloud.
POOL = f"{DOMAIN}/pool"
ACCELERATOR = f"{DOMAIN}/accelerator"
CAPACITY = f"{DOMAIN}/capacity"
TOPOLOGY_BLOCK = f"{DOMAIN}/topology-block"
TOPOLOGY_RACK = f"{DOMAIN}/topology-rack"
HOSTNAME = "kubernetes.io/hostname"

# On objects: whose they are.
STACK = f"{DOMAIN}/stack"
OWNER = f"{DOMAIN}/owner"
PURPOSE = f"{DOMAIN}/purpose"
TENANT = f"{DOMAIN}/tenant"
UNQUEUED = f"{DOMAIN}/unqueued"

QUEUE_NAME = "kueue.x-k8s.io/queue-name"


def ownership(stack: str, owner: str, purpose: str) -> dict[str, str]:
    """Return the labels that mark an object as this stack's."""
    return {"app.kubernetes.io/managed-by": "gpu-platform", STACK: stack, OWNER: owner, PURPOSE: purpose}


def metadata(
    owned: Mapping[str, str],
    name: str,
    *,
    namespace: Input[str] | None = None,
    labels: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
) -> ObjectMetaArgs:
    """Return an object's metadata: a stable name, the ownership labels ``owned``, and its own."""
    return ObjectMetaArgs(
        name=name, namespace=namespace, labels={**owned, **(labels or {})}, annotations=dict(annotations or {}) or None
    )


def named(resource: Resource, name: str) -> Output[str]:
    """Return ``name`` as a value that exists once ``resource`` does: who uses it waits, and a preview knows it."""
    return resource.urn.apply(lambda _: name)
