"""The table of what the cluster holds before anyone uses it: access of the lab's controllers, CRDs, webhooks.

Owns the rows, and who may do what. It does not own applying them (`supervisor`), nor what users put into the cluster.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tools.lab import crds, webhooks
from tools.lab.documents import Document, load
from tools.lab.layout import Layout
from tools.lab.records import Objects, Tools


def _access_files(tools: Tools) -> list[Path]:
    return [
        tools.assets("kwok") / "kustomize" / "rbac" / "role.yaml",
        # A template, but its rules hold no expression.
        tools.assets("kueue") / "kueue" / "chart" / "templates" / "rbac" / "role.yaml",
    ]


def _access(_layout: Layout, sources: Sequence[Path]) -> list[Document]:
    documents: list[Document] = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kueue-system"}}]
    for user, path in zip(("kwok", "kueue"), sources, strict=True):
        text = path.read_text()
        rules = load(text[text.index("\nrules:") :])[0]["rules"]
        documents += _grant(f"lab:{user}", "ClusterRole", {"name": f"lab:{user}"}, rules)
    # Where kubeconfigs of MultiKueue's clusters would lie: Kueue watches them whether there are any or not.
    secrets = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list", "update", "watch"]}
    return documents + _grant("lab:kueue", "Role", {"name": "lab:kueue", "namespace": "kueue-system"}, [secrets])


def _grant(user: str, kind: str, metadata: Document, rules: list[Document]) -> list[Document]:
    group = "rbac.authorization.k8s.io"
    version = f"{group}/v1"
    binding = {
        "apiVersion": version,
        "kind": f"{kind}Binding",
        "metadata": metadata,
        "roleRef": {"apiGroup": group, "kind": kind, "name": metadata["name"]},
        "subjects": [{"apiGroup": group, "kind": "User", "name": user}],
    }
    return [{"apiVersion": version, "kind": kind, "metadata": metadata, "rules": rules}, binding]


def _at_once(_layout: Layout) -> bool:
    return True


OBJECTS = (
    Objects(name="access", needs=("kube-apiserver",), sources=_access_files, render=_access, effective=_at_once),
    Objects(name="crds", needs=("kube-apiserver",), sources=crds.files, render=crds.render, effective=crds.served),
    Objects(
        name="webhooks",
        needs=("crds", "kueue"),
        sources=webhooks.files,
        render=webhooks.render,
        effective=webhooks.answer,
    ),
)
