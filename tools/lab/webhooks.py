"""Kueue's webhooks, registered where Kueue listens in a lab.

Owns which are kept and what is changed in them. It does not own what they refuse: that is Kueue.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path

from tools.lab import configs, crds, requests
from tools.lab.documents import Document, bundle, load
from tools.lab.layout import Layout
from tools.lab.records import Tools

# Kinds whose webhooks are kept, besides those of the CRDs that are served.
BUILT_IN = {("", "pods"), ("apps", "deployments"), ("apps", "statefulsets"), ("batch", "jobs")}
# Those that Kueue's kustomization keeps out of the system's namespaces.
POD_BASED = {"pods", "deployments", "statefulsets"}


def files(tools: Tools) -> list[Path]:
    """Return Kueue's own configurations, and the CRDs, which tell what is served."""
    return [tools.assets("kueue") / "kueue" / "webhooks.yaml", *crds.files(tools)]


def render(layout: Layout, sources: Sequence[Path]) -> list[Document]:
    """Return the configurations without the kinds that are not served here: their webhooks fail whatever is done."""
    served = BUILT_IN | {_kind(path) for path in sources[1:]}
    documents = load(sources[0].read_text())
    for document in documents:
        document["metadata"]["name"] = f"kueue-{document['metadata']['name']}"
        document["webhooks"] = [
            _webhook(layout, webhook)
            for webhook in document["webhooks"]
            if {(group, kind.split("/")[0]) for group, kind in _ruled(webhook)} <= served
        ]
    return documents


def _kind(crd: Path) -> tuple[str, str]:
    """Return group and plural from the name that controller-gen gives a CRD's file: parsing them all takes seconds."""
    group, _, plural = crd.stem.partition("_")
    return group, plural


def _ruled(webhook: Document) -> set[tuple[str, str]]:
    return {(group, kind) for rule in webhook["rules"] for group in rule["apiGroups"] for kind in rule["resources"]}


def _webhook(layout: Layout, webhook: Document) -> Document:
    path = webhook["clientConfig"]["service"]["path"]
    webhook["clientConfig"] = {"url": f"{layout.url('kueue-webhook')}{path}", "caBundle": bundle(layout)}
    if POD_BASED & {kind for _, kind in _ruled(webhook)}:
        webhook["namespaceSelector"] = {"matchExpressions": [configs.not_in_system_namespaces()]}
    return webhook


def answer(layout: Layout) -> bool:
    """Tell whether a queue that only the webhook can refuse is refused; the API server takes a moment to know it."""
    queue = {
        "apiVersion": "kueue.x-k8s.io/v1beta2",
        "kind": "ClusterQueue",
        "metadata": {"name": "lab-probe"},
        "spec": {"namespaceSelector": {"matchExpressions": [{"key": "probe", "operator": "In"}]}},
    }
    path = "/apis/kueue.x-k8s.io/v1beta2/clusterqueues?dryRun=All"
    status, text = requests.api(layout, path, "POST", queue)
    return status >= HTTPStatus.BAD_REQUEST and "vclusterqueue.kb.io" in text and "denied" in text
