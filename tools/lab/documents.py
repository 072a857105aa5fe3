"""Documents from the files of pinned modules.

Owns reading them. It does not own what becomes of them: `crds`, `webhooks`, `objects`.
"""

from __future__ import annotations

import base64
from typing import Any, cast

import yaml

from tools.lab.layout import Layout

Document = dict[str, Any]


def bundle(layout: Layout) -> str:
    """Return the authority of the lab as webhooks are registered with it."""
    return base64.b64encode(layout.crt("ca").read_bytes()).decode()


def load(text: str) -> list[Document]:
    """Return the documents of a YAML text."""
    # The C loader where there is one: these files have 3.7 MB.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [cast("Document", document) for document in yaml.load_all(text, loader) if document]
