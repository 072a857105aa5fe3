"""The CRDs that the lab serves.

Owns which, and what a lab changes in them. It does not own applying them (`supervisor`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

from tools.lab import requests
from tools.lab.documents import Document, bundle, load
from tools.lab.layout import Layout
from tools.lab.records import Tools

FOLDERS = ("kueue", "jobset", "leaderworkerset")
# Those whose two versions differ in more than the name, as Kueue's kustomization has them.
CONVERTED = {"clusterqueues", "cohorts", "localqueues", "multikueueclusters", "workloads"}


def files(tools: Tools) -> list[Path]:
    """Return the files that controller-gen has made of the APIs."""
    assets = tools.assets("kueue")
    return [path for name in FOLDERS for path in sorted((assets / name / "crds").glob("*.yaml"))]


def render(layout: Layout, sources: Sequence[Path]) -> list[Document]:
    """Return the CRDs, with Kueue's versions converted by the Kueue of this lab."""
    documents = [document for path in sources for document in load(path.read_text())]
    for document in documents:
        spec = document["spec"] = _without_descriptions(document["spec"])
        if spec["group"] == "kueue.x-k8s.io" and spec["names"]["plural"] in CONVERTED:
            client = {"url": f"{layout.url('kueue-webhook')}/convert", "caBundle": bundle(layout)}
            webhook = {"clientConfig": client, "conversionReviewVersions": ["v1"]}
            spec["conversion"] = {"strategy": "Webhook", "webhook": webhook}
    return documents


def _without_descriptions(node: Any) -> Any:
    """Drop three quarters of a CRD: nobody reads them here, and the API server keeps each several times in memory."""
    if isinstance(node, dict):
        items = cast("Document", node).items()
        # A property of that name is an object, its description a text.
        return {
            key: _without_descriptions(value)
            for key, value in items
            if key != "description" or not isinstance(value, str)
        }
    if isinstance(node, list):
        return [_without_descriptions(value) for value in cast("list[Any]", node)]
    return node


def served(layout: Layout) -> bool:
    """Tell whether objects of all of them can be made."""
    status, text = requests.api(layout, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions")
    if status != HTTPStatus.OK:
        return False
    return all(_established(item) for item in json.loads(text)["items"])


def _established(crd: Document) -> bool:
    # The conditions are null, not an empty list, until the API server gets to it.
    conditions = cast("list[Document]", crd["status"].get("conditions") or [])
    return any(condition["type"] == "Established" and condition["status"] == "True" for condition in conditions)
