"""What a component is to be started from, in full, and by which it is known whether it was.

Owns the fingerprint. It does not own the row (`components`) nor the start (`supervisor`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.lab import configs
from tools.lab.layout import Layout
from tools.lab.records import Component, Tools


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """A command line, its environment and the files it reads; a process with another fingerprint is outdated."""

    argv: Sequence[str]
    environment: Mapping[str, str]
    files: Mapping[Path, str]
    fingerprint: str


def plan(component: Component, layout: Layout, tools: Tools) -> Plan:
    """Work a row out for a lab whose ports are settled and whose certificates are issued."""
    files = dict(component.files(layout, tools))
    if component.identity is not None:
        files[layout.kubeconfig_of(component.name)] = configs.kubeconfig(layout, component.identity.name)
    argv = [str(tools.binary(component.name)), *component.arguments(layout)]
    environment = component.environment or {}
    content = [argv, dict(environment), {str(path): text for path, text in files.items()}]
    return Plan(argv=argv, environment=environment, files=files, fingerprint=digest(json.dumps(content)))


def digest(*parts: str | bytes) -> str:
    """Return a hash that also tells where one part ends and the next begins."""
    found = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        found.update(len(data).to_bytes(8, "big") + data)
    return found.hexdigest()
