"""`python -m tests.bench.lab_nodes 1000`: how long a new lab takes to make so many GPU nodes Ready, and what it weighs.

Owns a lab of its own, which it resets. It does not own a limit: numbers depend on the machine, and are read by people.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from pathlib import Path

from tests.lab import cluster
from tools.lab import Lab, ports, requests
from tools.lab.layout import Layout
from tools.toolchain import ensure

CLIENTS = 8


def measure(lab: Lab, nodes: int) -> dict[str, object]:
    """Create the nodes and wait for them."""
    started = time.monotonic()
    lab.start(_show)
    up = time.monotonic()
    empty = _rss(lab)
    names = [f"gpu-{number:05}" for number in range(nodes)]
    layout = ports.load(lab.folder)
    created = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(partial(_create, layout), names))
    done = time.monotonic()
    while _ready(lab) < nodes:
        time.sleep(1)
    return {
        "nodes": nodes,
        "start_seconds": round(up - started, 1),
        "create_seconds": round(done - created, 1),
        "ready_seconds": round(time.monotonic() - created, 1),
        "rss_mib_empty": empty,
        "rss_mib": _rss(lab),
    }


def _create(layout: Layout, name: str) -> None:
    # Not through kubectl, which takes more of the processor than the API server does.
    status, text = requests.api(layout, "/api/v1/nodes", "POST", cluster.gpu_node(name))
    assert status == HTTPStatus.CREATED, text


def _ready(lab: Lab) -> int:
    # As a table: 1,000 whole nodes have 5 MB.
    return lab.kubectl("get", "nodes", "--no-headers").split().count("Ready")


def _rss(lab: Lab) -> dict[str, int]:
    return {component.name: component.rss_mib for component in lab.status()}


def _show(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """Measure, print JSON, clean up."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.lab_nodes", description=__doc__)
    parser.add_argument("nodes", type=int, nargs="?", default=1000)
    options = parser.parse_args()
    toolchain = ensure(("etcd", "control-plane", "kwok", "kueue"), progress=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="lab-nodes-") as temporary:
        lab = Lab(Path(temporary) / "lab", toolchain)
        try:
            print(json.dumps(measure(lab, options.nodes), indent=2))
        finally:
            lab.reset()
    return 0


if __name__ == "__main__":
    sys.exit(main())
