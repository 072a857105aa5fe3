"""An inference service: a Deployment outside the queue, with what keeps it up.

Owns the Deployment, its Service, PodDisruptionBudget and HorizontalPodAutoscaler. Does not own a route from outside the
namespace: nothing is public.
"""

import pulumi
import pulumi_kubernetes as k8s
from pulumi_kubernetes.apps.v1 import DeploymentSpecArgs
from pulumi_kubernetes.autoscaling.v2 import (
    CrossVersionObjectReferenceArgs,
    HorizontalPodAutoscalerSpecArgs,
    MetricSpecArgs,
    MetricTargetArgs,
    ResourceMetricSourceArgs,
)
from pulumi_kubernetes.core.v1 import (
    ContainerArgs,
    ContainerPortArgs,
    EmptyDirVolumeSourceArgs,
    EnvVarArgs,
    HTTPGetActionArgs,
    LifecycleArgs,
    LifecycleHandlerArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    ProbeArgs,
    ServicePortArgs,
    ServiceSpecArgs,
    SleepActionArgs,
    TopologySpreadConstraintArgs,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.policy.v1 import PodDisruptionBudgetSpecArgs

from components.clusters.record import Pool
from components.examples.pods import CONTAINER_SECURITY, POD_SECURITY, ExampleArgs, resources, tolerations
from components.labels import TENANT, UNQUEUED, metadata

_IMAGE = "docker.io/vllm/vllm-openai:v0.11.0"
_MODEL = "Qwen/Qwen3-0.6B"
_MODEL_REVISION = "c1899de289a04d12100db370d81485cdf75e47ca"
_PORT = 8000
_DRAIN_SECONDS = 20
# A Deployment that can't be scheduled must not hold the engine for its default of ten minutes.
_AWAIT_SECONDS = 120


class Inference(pulumi.ComponentResource):
    """A small language model behind a Service inside the tenant's namespace."""

    def __init__(
        self,
        name: str,
        args: ExampleArgs,
        *,
        replicas: tuple[int, int],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """``replicas`` is the least and the most; each takes one accelerator of the pool."""
        super().__init__("gpu-platform:examples:Inference", name, {}, opts)
        least, most = replicas
        cluster, tenant = args.cluster, args.tenant
        app = {"app.kubernetes.io/name": "inference"}
        selector = LabelSelectorArgs(match_labels=app)
        labels = {**app, TENANT: tenant.name}

        def meta(annotations: dict[str, str] | None = None, **more: str) -> ObjectMetaArgs:
            return metadata(
                cluster.labels,
                "inference",
                namespace=tenant.namespace,
                labels={**labels, **more},
                annotations=annotations,
            )

        k8s.apps.v1.Deployment(
            f"{name}-deployment",
            metadata=meta({"pulumi.com/timeoutSeconds": str(_AWAIT_SECONDS)}, **{UNQUEUED: "true"}),
            # No `replicas`: the autoscaler owns them, and two owners would undo each other at each update.
            spec=DeploymentSpecArgs(
                selector=selector,
                template=PodTemplateSpecArgs(
                    metadata=ObjectMetaArgs(labels={**labels, UNQUEUED: "true"}),
                    spec=_pod(args.pool, args.priority, selector),
                ),
            ),
            opts=cluster.options(self, after=[tenant.queue]),
        )
        k8s.core.v1.Service(
            f"{name}-service",
            # A Service without an endpoint yet is not a failure here: the Deployment is what is waited for.
            metadata=meta({"pulumi.com/skipAwait": "true"}),
            spec=ServiceSpecArgs(selector=app, ports=[ServicePortArgs(name="http", port=80, target_port="http")]),
            opts=cluster.options(self),
        )
        k8s.policy.v1.PodDisruptionBudget(
            f"{name}-disruption-budget",
            metadata=meta(),
            spec=PodDisruptionBudgetSpecArgs(selector=selector, max_unavailable=1),
            opts=cluster.options(self),
        )
        k8s.autoscaling.v2.HorizontalPodAutoscaler(
            f"{name}-autoscaler",
            metadata=meta(),
            spec=HorizontalPodAutoscalerSpecArgs(
                scale_target_ref=CrossVersionObjectReferenceArgs(
                    api_version="apps/v1", kind="Deployment", name="inference"
                ),
                min_replicas=least,
                max_replicas=most,
                metrics=[
                    MetricSpecArgs(
                        type="Resource",
                        resource=ResourceMetricSourceArgs(
                            name="cpu", target=MetricTargetArgs(type="Utilization", average_utilization=70)
                        ),
                    )
                ],
            ),
            opts=cluster.options(self),
        )
        self.register_outputs({})


def _pod(pool: Pool, priority: pulumi.Input[str], selector: LabelSelectorArgs) -> PodSpecArgs:
    health = HTTPGetActionArgs(path="/health", port="http")
    container = ContainerArgs(
        name="server",
        image=_IMAGE,
        args=[f"--model={_MODEL}", f"--revision={_MODEL_REVISION}", f"--port={_PORT}"],
        env=[EnvVarArgs(name="HF_HOME", value="/cache")],
        ports=[ContainerPortArgs(name="http", container_port=_PORT)],
        resources=resources(pool, 1),
        security_context=CONTAINER_SECURITY,
        # Loading a model takes minutes: until the startup probe passes, liveness does not count.
        startup_probe=ProbeArgs(http_get=health, period_seconds=10, failure_threshold=60),
        readiness_probe=ProbeArgs(http_get=health, period_seconds=5),
        liveness_probe=ProbeArgs(http_get=health, period_seconds=10, failure_threshold=6),
        lifecycle=LifecycleArgs(pre_stop=LifecycleHandlerArgs(sleep=SleepActionArgs(seconds=_DRAIN_SECONDS))),
        volume_mounts=[
            VolumeMountArgs(name="cache", mount_path="/cache"),
            VolumeMountArgs(name="scratch", mount_path="/tmp"),  # noqa: S108 - a path in the container
            VolumeMountArgs(name="shared-memory", mount_path="/dev/shm"),  # noqa: S108 - a path in the container
        ],
    )
    return PodSpecArgs(
        automount_service_account_token=False,
        priority_class_name=priority,
        node_selector=dict(pool.selector),
        tolerations=tolerations(pool),
        security_context=POD_SECURITY,
        termination_grace_period_seconds=_DRAIN_SECONDS * 3,
        topology_spread_constraints=[
            TopologySpreadConstraintArgs(
                max_skew=1,
                topology_key="topology.kubernetes.io/zone",
                when_unsatisfiable="ScheduleAnyway",
                label_selector=selector,
            )
        ],
        containers=[container],
        volumes=[
            VolumeArgs(name="cache", empty_dir=EmptyDirVolumeSourceArgs(size_limit="20Gi")),
            VolumeArgs(name="scratch", empty_dir=EmptyDirVolumeSourceArgs(size_limit="1Gi")),
            VolumeArgs(name="shared-memory", empty_dir=EmptyDirVolumeSourceArgs(medium="Memory", size_limit="2Gi")),
        ],
    )
