"""The configuration files of the lab's components, as text.

Owns what each component is configured to do in a lab. It does not own command lines (`components`). JSON is written
where a component reads YAML, which it is a part of: a start that changes nothing then loads no YAML library.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.lab.layout import Layout
from tools.lab.records import Tools

STAGES = ("node/fast", "node/heartbeat-with-lease", "pod/fast")
SYSTEM_NAMESPACES = ("kube-system", "kueue-system")
# A Stage waits for the API server, not for the processor: more at a time than kwok's default of 4.
PARALLELISM = 16


def kubeconfig(layout: Layout, certificate: str) -> str:
    """Return a kubeconfig with its certificates inside, so that a copy of it works anywhere on this machine."""
    authority, client, key = (
        base64.b64encode(path.read_bytes()).decode()
        for path in (layout.crt("ca"), layout.crt(certificate), layout.key(certificate))
    )
    return f"""\
apiVersion: v1
kind: Config
current-context: lab
clusters:
- name: lab
  cluster:
    server: {layout.server}
    certificate-authority-data: {authority}
users:
- name: {certificate}
  user:
    client-certificate-data: {client}
    client-key-data: {key}
contexts:
- name: lab
  context:
    cluster: lab
    user: {certificate}
"""


def scheduler(layout: Layout, _tools: Tools) -> Mapping[Path, str]:
    """Return the scheduler's configuration: its defaults, without the client's usual brakes."""
    return {
        layout.config("kube-scheduler.yaml"): _json(
            {
                "apiVersion": "kubescheduler.config.k8s.io/v1",
                "kind": "KubeSchedulerConfiguration",
                "clientConnection": {
                    "kubeconfig": str(layout.kubeconfig_of("kube-scheduler")),
                    "qps": 1000,
                    "burst": 2000,
                },
                "leaderElection": {"leaderElect": False},
            }
        )
    }


def kwok(layout: Layout, tools: Tools) -> Mapping[Path, str]:
    """Return kwok's options and Stages: its own for nodes and Pods, and ours for Pods of Jobs.

    A Stage in this file switches off the built-in ones, so they are all here.
    """
    options = {
        "apiVersion": "config.kwok.x-k8s.io/v1alpha1",
        "kind": "KwokConfiguration",
        "options": {
            # A Node without the annotation stays NotReady, as one whose kubelet never came.
            "manageNodesWithAnnotationSelector": "kwok.x-k8s.io/node=fake",
            "nodeLeaseDurationSeconds": 40,
            # Where a Node brings no address: Pods of the host's network have none otherwise, and Services miss them.
            # Not a loopback address, which endpoints refuse.
            "nodeIP": "10.32.0.1",
            "cidr": "10.64.0.0/12",
            "nodePlayStageParallelism": PARALLELISM,
            "nodeLeaseParallelism": PARALLELISM,
            "podPlayStageParallelism": PARALLELISM,
            "podsOnNodeSyncParallelism": PARALLELISM,
            # Nobody has an Exec or Logs object here, and these handlers answer without asking who calls.
            "enableDebuggingHandlers": False,
        },
    }
    ours = Path(__file__).with_name("stages")
    replaced = {path.name for path in ours.glob("*.yaml")}
    stages = [
        path.read_text()
        for folder in STAGES
        for path in sorted((tools.assets("kwok") / "kustomize" / "stage" / folder).glob("*.yaml"))
        if path.name not in replaced and path.name != "kustomization.yaml"
    ]
    stages += [path.read_text() for path in sorted(ours.glob("*.yaml"))]
    return {layout.config("kwok.yaml"): "\n---\n".join([_json(options), *stages])}


def kueue(layout: Layout, _tools: Tools) -> Mapping[Path, str]:
    """Return Kueue's Configuration. Addresses, certificates and replicas are flags of our main."""
    return {
        layout.config("kueue.yaml"): _json(
            {
                "apiVersion": "config.kueue.x-k8s.io/v1beta2",
                "kind": "Configuration",
                "namespace": "kueue-system",
                "clientConnection": {"qps": 500, "burst": 1000},
                "metrics": {"enableClusterQueueResources": True},
                # Nanoseconds. After two minutes of a busy machine it would otherwise give up and end.
                "controller": {"cacheSyncTimeout": 600_000_000_000},
                "manageJobsWithoutQueueName": False,
                "managedJobsNamespaceSelector": {"matchExpressions": [not_in_system_namespaces()]},
                "integrations": {
                    "frameworks": [
                        "batch/job",
                        "jobset.x-k8s.io/jobset",
                        "leaderworkerset.x-k8s.io/leaderworkerset",
                        "pod",
                        "deployment",
                        "statefulset",
                    ]
                },
            }
        )
    }


def not_in_system_namespaces() -> dict[str, Any]:
    """Return the selector that keeps Kueue away from the Pods it would itself depend on in a real cluster."""
    return {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": list(SYSTEM_NAMESPACES)}


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2) + "\n"
