"""The ports of a lab: chosen once, kept in lab.json, replaced when someone else has taken one.

Owns lab.json. It does not own who listens on a port: every component binds its own.
"""

from __future__ import annotations

import json
import random
import socket
import time
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import cast

from tools.lab.errors import LabError
from tools.lab.layout import LOOPBACK, Layout, read_json, write_private

FORMAT = 1
# Below the ranges from which Linux (32768) and macOS (49152) take the local ports of outgoing connections: one of those
# could sit on a port of ours while its owner is down. Below NodePorts (30000) too.
RANGE = range(20000, 29000)
# A program that was just killed counts as dead before the last of its threads has let go of its sockets.
PATIENCE = 2


def load(folder: Path) -> Layout:
    """Return the layout that lab.json records, without ports where there is no lab yet."""
    content = read_json(folder / "lab.json")
    found = content.get("format", FORMAT)
    if found != FORMAT:
        raise LabError(
            f"{folder} holds a lab of format {found}; these tools make format {FORMAT}. "
            "Reset it with the tools that made it."
        )
    return Layout(folder, cast("dict[str, int]", content.get("ports", {})))


def settle(layout: Layout, names: Iterable[str], held: Collection[str]) -> Layout:
    """Give every name a port and record it: the one it had, unless someone else listens there.

    `held` are the names whose ports our own living processes hold.
    """
    ports: dict[str, int] = {}
    deadline = time.monotonic() + PATIENCE
    for name in names:
        port = layout.ports.get(name)
        if port is None or (name not in held and not _free_soon(port, deadline)):
            port = _choose({*layout.ports.values(), *ports.values()})
        ports[name] = port
    content = {"format": FORMAT, "ports": ports}
    write_private(layout.folder / "lab.json", json.dumps(content, indent=2) + "\n")
    return Layout(layout.folder, ports)


def free(port: int) -> bool:
    """Tell whether a server could listen on this port now."""
    with socket.socket() as probe:
        # As Go programs do: what remains of a closed connection doesn't block a port, a listener does.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def _free_soon(port: int, deadline: float) -> bool:
    while not free(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _choose(taken: Collection[int]) -> int:
    # At random: two labs that are made at the same moment should not try the same ones.
    for port in random.sample(RANGE, len(RANGE)):
        if port not in taken and free(port):
            return port
    raise LabError(f"No port between {RANGE.start} and {RANGE.stop} is free on {LOOPBACK}.")
