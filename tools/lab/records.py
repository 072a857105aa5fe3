"""The types of the lab's tables.

Owns what a component is to the supervisor: a row. It does not own the rows (`components`, `objects`) nor how they are
brought up (`supervisor`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from tools.lab.layout import Layout


class Tools(Protocol):
    """Where the programs and their data files are: `tools.toolchain.Toolchain`, or a stand-in for it in tests."""

    def binary(self, name: str, /) -> Path:
        """Return the program of that name."""
        ...

    def assets(self, tool: str, /) -> Path:
        """Return the folder of what comes with a tool besides its programs."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """A certificate under pki/: as a client it is `user` in `groups`, and it serves loopback if `serves`."""

    name: str
    user: str
    groups: tuple[str, ...] = ()
    authority: Literal["ca", "etcd-ca", "front-proxy-ca"] = "ca"
    serves: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """A health endpoint that answers 200 once its component works."""

    port: str
    path: str
    scheme: Literal["http", "https"] = "https"
    # The certificate to come with, where the endpoint answers nobody else.
    client: str | None = None


def nothing(_layout: Layout, _tools: Tools) -> Mapping[Path, str]:
    """Return no files."""
    return {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Component:
    """A program that runs as a process of the host."""

    name: str
    needs: tuple[str, ...] = ()
    ports: tuple[str, ...]
    probe: Probe
    arguments: Callable[[Layout], Sequence[str]]
    # What it reads: a change of these, of its arguments or of its program restarts it.
    files: Callable[[Layout, Tools], Mapping[Path, str]] = nothing
    certificates: tuple[Certificate, ...] = ()
    # Who it is to the API server; it gets a kubeconfig with this certificate.
    identity: Certificate | None = None
    environment: Mapping[str, str] | None = None
    # What to clear away before it is started, whenever that is.
    before: Callable[[Layout], None] | None = None
    # Generous, since the first start shares the machine with compilers.
    timeout: float = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class Objects:
    """Objects that the cluster holds before anyone uses it."""

    name: str
    needs: tuple[str, ...]
    # The files they are made from, which tell without being parsed whether anything has changed.
    sources: Callable[[Tools], Sequence[Path]]
    render: Callable[[Layout, Sequence[Path]], list[dict[str, Any]]]
    # Whether what was applied works by now; asked until it does.
    effective: Callable[[Layout], bool]
