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
from pathlib import Path

from tests.lab import cluster
from tools.lab import Lab
from tools.toolchain import ensure

# kubectl lets 300 requests pass and then 50 in a second: below that it measures the lab, not itself.
CHUNK = 250


def measure(lab: Lab, nodes: int) -> dict[str, object]:
    """Create the nodes and wait for them."""
    started = time.monotonic()
    lab.start(_show)
    up = time.monotonic()
    empty = _rss(lab)
    names = [f"gpu-{number:05}" for number in range(nodes)]
    chunks = [names[start : start + CHUNK] for start in range(0, nodes, CHUNK)]
    created = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(partial(_create, lab), chunks))
    done = time.monotonic()
    while _ready(lab) < nodes:
        time.sleep(0.5)
    return {
        "nodes": nodes,
        "start_seconds": round(up - started, 1),
        "create_seconds": round(done - created, 1),
        "ready_seconds": round(time.monotonic() - created, 1),
        "rss_mib_empty": empty,
        "rss_mib": _rss(lab),
    }


def _create(lab: Lab, names: list[str]) -> None:
    items = {"apiVersion": "v1", "kind": "List", "items": [cluster.gpu_node(name) for name in names]}
    lab.kubectl("create", "-f", "-", input=json.dumps(items))


def _ready(lab: Lab) -> int:
    path = '{range .items[*]}{.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}'
    return lab.kubectl("get", "nodes", "--chunk-size=0", "-o", f"jsonpath={path}").split().count("True")


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
