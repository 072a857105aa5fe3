"""Where a lab keeps its files.

Owns the names in a lab's folder and how they are written. It does not own what is in them: certificates are `pki`'s,
configurations `configs`', process records `processes`', and lab.json `ports`'.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Layout:
    """The folder and the ports of one lab: all that a component's arguments are made from."""

    folder: Path
    ports: Mapping[str, int]

    @property
    def kubeconfig(self) -> Path:
        """Return the administrator's kubeconfig, the one that people and tests use."""
        return self.folder / "kubeconfig"

    @property
    def data(self) -> Path:
        """Return the folder that makes a cluster this cluster: whoever loses it, loses every object."""
        return self.folder / "etcd"

    @property
    def server(self) -> str:
        """Return the API server's address."""
        return self.url("kube-apiserver")

    @property
    def pki(self) -> Path:
        """Return the folder of keys and certificates."""
        return self.folder / "pki"

    def crt(self, name: str) -> Path:
        """Return where a certificate is."""
        return self.pki / f"{name}.crt"

    def key(self, name: str) -> Path:
        """Return where its private key is."""
        return self.pki / f"{name}.key"

    def url(self, port: str, scheme: str = "https") -> str:
        """Return the address behind a named port."""
        return f"{scheme}://{LOOPBACK}:{self.ports[port]}"

    def config(self, name: str) -> Path:
        """Return where a configuration file is."""
        return self.folder / "config" / name

    def kubeconfig_of(self, component: str) -> Path:
        """Return where the kubeconfig of one of the lab's own clients is."""
        return self.folder / "kubeconfigs" / component

    def log(self, component: str) -> Path:
        """Return where a component writes; the previous run's log lies beside it."""
        return self.folder / "logs" / f"{component}.log"

    def record(self, component: str) -> Path:
        """Return where the process of a component is recorded."""
        return self.folder / "run" / f"{component}.json"


def write_private(path: Path, content: str | bytes) -> None:
    """Write a file that its owner alone can read, whole or not at all; an equal one is left as it is."""
    data = content.encode() if isinstance(content, str) else content
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(data)
    temporary.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file of ours; an absent or damaged one is empty."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return cast("dict[str, Any]", content) if isinstance(content, dict) else {}
