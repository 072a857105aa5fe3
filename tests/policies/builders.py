"""Small Kubernetes objects and pools that break no rule, to be spoilt one field at a time."""

from typing import Any

from tests.policies.harness import Given

Props = dict[str, Any]

RESOURCES: Props = {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "1Gi"}}
GPU_RESOURCES: Props = {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "1Gi", "nvidia.com/gpu": 8}}
QUEUE: Props = {"kueue.x-k8s.io/queue-name": "team-a"}


def container(**fields: Any) -> Props:
    return {"name": "trainer", "image": "registry.example/trainer:2.9.1", "resources": RESOURCES, **fields}


def spec(*containers: Props, **fields: Any) -> Props:
    return {"containers": list(containers) or [container()], **fields}


def pod(pod_spec: Props, **metadata: Any) -> Given:
    return Given("kubernetes:core/v1:Pod", {"metadata": {"name": "it", **metadata}, "spec": pod_spec})


def deployment(pod_spec: Props, **metadata: Any) -> Given:
    return workload("kubernetes:apps/v1:Deployment", pod_spec, **metadata)


def workload(token: str, pod_spec: Props, **metadata: Any) -> Given:
    """Any kind that keeps its template at spec.template."""
    props = {"metadata": {"name": "it", **metadata}, "spec": {"template": {"spec": pod_spec}}}
    return Given(token, props)


def every_kind(pod_spec: Props) -> dict[str, Given]:
    """The same Pod in every kind that keeps one."""
    template = {"spec": pod_spec}
    specs: dict[str, Props] = {
        "core/v1:Pod": pod_spec,
        "core/v1:ReplicationController": {"template": template},
        "apps/v1:Deployment": {"template": template},
        "apps/v1:DeploymentPatch": {"template": template},
        "apps/v1:StatefulSet": {"template": template},
        "apps/v1:DaemonSet": {"template": template},
        "apps/v1:ReplicaSet": {"template": template},
        "batch/v1:Job": {"template": template},
        "batch/v1:CronJob": {"jobTemplate": {"spec": {"template": template}}},
        "jobset.x-k8s.io/v1alpha2:JobSet": {"replicatedJobs": [{"template": {"spec": {"template": template}}}]},
        "leaderworkerset.x-k8s.io/v1:LeaderWorkerSet": {"leaderWorkerTemplate": {"workerTemplate": template}},
        "ray.io/v1:RayCluster": {"headGroupSpec": {"template": template}},
        "ray.io/v1:RayJob": {"rayClusterSpec": {"workerGroupSpecs": [{"template": template}]}},
        "ray.io/v1:RayService": {"rayClusterConfig": {"workerGroupSpecs": [{"template": template}]}},
        "kubeflow.org/v2beta1:MPIJob": {"mpiReplicaSpecs": {"Worker": {"template": template}}},
        "kubeflow.org/v1:PyTorchJob": {"pytorchReplicaSpecs": {"Master": {"template": template}}},
    }
    kinds = {
        name.partition(":")[2]: Given(f"kubernetes:{name}", {"metadata": {"name": "it"}, "spec": of_kind})
        for name, of_kind in specs.items()
    }
    listed = {"metadata": {"name": "it"}, "spec": {"template": template}}
    kinds["DeploymentList"] = Given("kubernetes:apps/v1:DeploymentList", {"items": [listed]})
    kinds["PodTemplate"] = Given("kubernetes:core/v1:PodTemplate", {"metadata": {"name": "it"}, "template": template})
    return kinds


def namespace(name: str = "team-a", **labels: str) -> Given:
    props: Props = {"metadata": {"name": name, "labels": labels}}
    return Given("kubernetes:core/v1:Namespace", props, name=f"namespace-{name}")


def quota(of: str = "team-a", **fields: Any) -> Given:
    props: Props = {"metadata": {"name": "quota", "namespace": of}, "spec": {"hard": {"pods": "10"}, **fields}}
    return Given("kubernetes:core/v1:ResourceQuota", props, name=f"quota-{of}")


def default_deny(of: str = "team-a", **fields: Any) -> Given:
    stated: Props = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"], **fields}
    props: Props = {"metadata": {"name": "deny", "namespace": of}, "spec": stated}
    return Given("kubernetes:networking.k8s.io/v1:NetworkPolicy", props, name=f"deny-{of}")


def pool(**fields: Any) -> Given:
    props: Props = {
        "cluster": "lab",
        "pool": "h100",
        "accelerator": "h100",
        "acceleratorsPerNode": 8,
        "minNodes": 0,
        "maxNodes": 4,
        "taints": [{"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"}],
        **fields,
    }
    stated = {name: value for name, value in props.items() if value is not None}
    return Given("gpu-platform:clusters:NodePool", stated, name="lab-h100")
