"""A training job that goes through the tenant's queue.

Owns one indexed Job. Does not wait for it: a Job that is rightly held by its queue would hold the engine too.
"""

import pulumi
import pulumi_kubernetes as k8s
from pulumi_kubernetes.batch.v1 import JobSpecArgs
from pulumi_kubernetes.core.v1 import (
    ContainerArgs,
    EmptyDirVolumeSourceArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.clusters.record import Pool
from components.examples.pods import CONTAINER_SECURITY, POD_SECURITY, ExampleArgs, resources, tolerations
from components.labels import QUEUE_NAME, TENANT, metadata

_IMAGE = "docker.io/pytorch/pytorch:2.9.0-cuda12.8-cudnn9-runtime"
_NODES = 2
# How long a Pod of it runs on simulated nodes, where nothing else would end it (tools/lab). Real nodes ignore it.
_SIMULATED_SECONDS = {"lab.gpu-platform.dev/run-seconds": "1800"}


class Training(pulumi.ComponentResource):
    """Two whole nodes of the pool, all or nothing: Kueue admits the Job when both fit."""

    def __init__(
        self,
        name: str,
        args: ExampleArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("gpu-platform:examples:Training", name, {}, opts)
        cluster, tenant = args.cluster, args.tenant
        labels = {"app.kubernetes.io/name": "training", TENANT: tenant.name}
        k8s.batch.v1.Job(
            f"{name}-job",
            metadata=metadata(
                cluster.labels,
                "training",
                namespace=tenant.namespace,
                labels={**labels, QUEUE_NAME: tenant.name},
                annotations={"pulumi.com/skipAwait": "true"},
            ),
            # `suspend` is Kueue's: its webhook sets it when the Job is made, its controller lifts it on admission.
            spec=JobSpecArgs(
                parallelism=_NODES,
                completions=_NODES,
                completion_mode="Indexed",
                backoff_limit=2,
                template=PodTemplateSpecArgs(
                    metadata=ObjectMetaArgs(labels=labels, annotations=_SIMULATED_SECONDS),
                    spec=_pod(args.pool, args.priority),
                ),
            ),
            opts=cluster.options(self, after=[tenant.queue]),
        )
        self.register_outputs({})


def _pod(pool: Pool, priority: pulumi.Input[str]) -> PodSpecArgs:
    container = ContainerArgs(
        name="trainer",
        image=_IMAGE,
        command=["python", "-c", "import torch; print(torch.cuda.device_count(), 'GPUs')"],
        resources=resources(pool, pool.per_node),
        security_context=CONTAINER_SECURITY,
        volume_mounts=[
            VolumeMountArgs(name="scratch", mount_path="/tmp"),  # noqa: S108 - a path in the container
            VolumeMountArgs(name="shared-memory", mount_path="/dev/shm"),  # noqa: S108 - a path in the container
        ],
    )
    return PodSpecArgs(
        restart_policy="Never",
        automount_service_account_token=False,
        priority_class_name=priority,
        node_selector=dict(pool.selector),
        tolerations=tolerations(pool),
        security_context=POD_SECURITY,
        containers=[container],
        volumes=[
            VolumeArgs(name="scratch", empty_dir=EmptyDirVolumeSourceArgs(size_limit="100Gi")),
            VolumeArgs(name="shared-memory", empty_dir=EmptyDirVolumeSourceArgs(medium="Memory", size_limit="64Gi")),
        ],
    )
