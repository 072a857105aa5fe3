"""What the tests of the lab put into a cluster, and how they wait for what comes of it.

Owns small documents and one loop. It does not own the platform's objects: these are the barest that the API server
takes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from tools.lab import Lab

Document = dict[str, Any]


def apply(lab: Lab, *documents: Document, dry_run: bool = False) -> None:
    listed = {"apiVersion": "v1", "kind": "List", "items": list(documents)}
    options = ["--dry-run=server"] if dry_run else []
    lab.kubectl("apply", "--server-side", *options, "-f", "-", input=json.dumps(listed))


def get(lab: Lab, *arguments: str) -> Document:
    return json.loads(lab.kubectl("get", *arguments, "-o", "json"))


def eventually(check: Callable[[], bool], what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.2)


def config_map(name: str) -> Document:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "default"}}


def gpu_node(name: str, gpus: int = 8) -> Document:
    resources = {"cpu": "192", "memory": "2Ti", "pods": "110", "nvidia.com/gpu": str(gpus)}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "annotations": {"kwok.x-k8s.io/node": "fake"},
            "labels": {"kubernetes.io/hostname": name},
        },
        "status": {"allocatable": resources, "capacity": resources},
    }


def cluster_queue(name: str, quota: Document, **spec: object) -> Document:
    flavor = {"name": "lab-test", "resources": [{"name": "nvidia.com/gpu", **quota}]}
    return {
        "apiVersion": "kueue.x-k8s.io/v1beta2",
        "kind": "ClusterQueue",
        "metadata": {"name": name},
        "spec": {
            "namespaceSelector": {},
            "resourceGroups": [{"coveredResources": ["nvidia.com/gpu"], "flavors": [flavor]}],
            **spec,
        },
    }


def flavor_and_local_queue(queue: str) -> list[Document]:
    group = "kueue.x-k8s.io/v1beta2"
    return [
        {"apiVersion": group, "kind": "ResourceFlavor", "metadata": {"name": "lab-test"}, "spec": {}},
        {
            "apiVersion": group,
            "kind": "LocalQueue",
            "metadata": {"name": queue, "namespace": "default"},
            "spec": {"clusterQueue": queue},
        },
    ]


def gpu_job(name: str, gpus: int, *, queue: str | None = None, seconds: int = 1) -> Document:
    container = {"name": "train", "image": "example.com/train:1", "resources": {"limits": {"nvidia.com/gpu": gpus}}}
    labels = {} if queue is None else {"kueue.x-k8s.io/queue-name": queue}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "namespace": "default", "labels": labels},
        "spec": {
            "suspend": queue is not None,
            "template": {
                "metadata": {"annotations": {"lab.gpu-platform.dev/run-seconds": str(seconds)}},
                "spec": {"restartPolicy": "Never", "containers": [container]},
            },
        },
    }
