"""Bring up what is not up: every row of the tables as soon as what it needs is ready, and nothing twice.

Owns the order of a start and what counts as a failure. It does not own the rows (`components`, `objects`), nor the
lab's lock and life (`lab`).
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from http import HTTPStatus
from pathlib import Path
from typing import Any

import psutil

from tools.lab import processes, requests
from tools.lab.errors import LabError
from tools.lab.layout import Layout, read_json, write_private
from tools.lab.plans import Plan, digest
from tools.lab.records import Component, Objects, Tools

# How long a living component may be unready, say because etcd was just started again, before it is started again too.
PATIENCE = 30
INTERVAL = 0.05
MANAGER = "gpu-platform-lab"


class _NotReachedError(LabError):
    """Something that this row needs has failed, and says so itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Supervisor:
    """One attempt to have all rows up."""

    layout: Layout
    tools: Tools
    plans: Mapping[str, Plan]
    progress: Callable[[str], None]
    _cancelled: threading.Event = field(default_factory=threading.Event)
    _telling: threading.Lock = field(default_factory=threading.Lock)

    def run(self, rows: Sequence[Component | Objects]) -> None:
        """Bring up the rows, which stand after what they need."""
        ready: dict[str, Future[None]] = {}
        with ThreadPoolExecutor(len(rows)) as pool:
            try:
                for row in rows:
                    ready[row.name] = pool.submit(self._bring_up, row, [ready[name] for name in row.needs])
                failures = [failure for row in rows if (failure := ready[row.name].exception()) is not None]
            finally:
                # Also when interrupted: the threads end at their next look.
                self._cancelled.set()
        if failures:
            raise next((failure for failure in failures if not isinstance(failure, _NotReachedError)), failures[0])

    def _bring_up(self, row: Component | Objects, needs: Sequence[Future[None]]) -> None:
        if any(need.exception() is not None for need in needs):
            raise _NotReachedError(f"{row.name} was not reached.", component=row.name)
        started = time.monotonic()
        done = self._start(row) if isinstance(row, Component) else self._apply(row)
        if done:
            with self._telling:
                self.progress(f"{row.name:<24} {done:<16} {time.monotonic() - started:5.1f} s")

    def _start(self, component: Component) -> str:
        """Have a component run, and return what was done for that: nothing, where it runs."""
        plan = self.plans[component.name]
        path = self.layout.record(component.name)
        record = processes.read(path)
        done = "started" if record is None else "started again"
        if isinstance(record, processes.Running):
            if self._answers(component, record.process, PATIENCE):
                return ""
            processes.terminate([record.process])
        for name, content in plan.files.items():
            write_private(name, content)
        if component.before is not None:
            component.before(self.layout)
        log = self.layout.log(component.name)
        try:
            process = processes.spawn(plan.argv, plan.environment, folder=self.layout.folder, log=log)
        except OSError as error:
            raise LabError(f"{component.name} can't be run: {error}.", component=component.name) from error
        processes.write(path, process, plan.argv, plan.fingerprint)
        if not self._answers(component, process, component.timeout):
            what = (
                f"was not ready after {component.timeout:.0f} s"
                if processes.alive(process)
                else "ended instead of getting ready"
            )
            raise LabError(f"{component.name} {what}.", component=component.name, log=log)
        return done

    def _answers(self, component: Component, process: psutil.Process, seconds: float) -> bool:
        return self._wait(
            lambda: requests.healthy(self.layout, component.probe), seconds, lambda: processes.alive(process)
        )

    def _apply(self, objects: Objects) -> str:
        sources = objects.sources(self.tools)
        # The code that renders is an input as well, and so are the ports and the authority in what it renders.
        code = [Path(__file__).with_name(f"{name}.py") for name in ("objects", "crds", "webhooks", "configs")]
        inputs = [*sources, *code, self.layout.crt("ca")]
        ports = json.dumps(dict(self.layout.ports))
        found = digest(ports, *(path.read_bytes() for path in inputs))
        # Beside the data and not in the cluster: asking the cluster takes longer than all other checks together.
        path = self.layout.data / "applied" / f"{objects.name}.json"
        if read_json(path).get("digest") == found:
            return ""
        for document in objects.render(self.layout, sources):
            self._apply_one(objects.name, document)
        if not self._wait(lambda: objects.effective(self.layout), 60):
            raise LabError(f"{objects.name} have no effect after 60 s.", component=objects.name)
        write_private(path, json.dumps({"digest": found}) + "\n")
        return "applied"

    def _apply_one(self, name: str, document: dict[str, Any]) -> None:
        """Apply a document on the server's side; all kinds of ours have regular plurals."""
        version, kind, metadata = document["apiVersion"], document["kind"], document["metadata"]
        place = f"namespaces/{metadata['namespace']}/" if "namespace" in metadata else ""
        path = f"/{'apis' if '/' in version else 'api'}/{version}/{place}{kind.lower()}s/{metadata['name']}"
        query = f"fieldManager={MANAGER}&force=true&fieldValidation=Strict"
        status, text = requests.api(self.layout, f"{path}?{query}", "PATCH", document)
        if status not in (HTTPStatus.OK, HTTPStatus.CREATED):
            raise LabError(f"{name}: the API server refused {kind} {metadata['name']}: {status} {text}", component=name)

    def _wait(self, done: Callable[[], bool], seconds: float, worthwhile: Callable[[], bool] = lambda: True) -> bool:
        deadline = time.monotonic() + seconds
        while worthwhile() and not self._cancelled.is_set():
            if done():
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(INTERVAL)
        return False


def batches(rows: Sequence[Component | Objects]) -> list[list[Component | Objects]]:
    """Sort rows: each batch needs only what stands in earlier ones."""
    named = {row.name: row for row in rows}
    sorter = TopologicalSorter({row.name: row.needs for row in rows})
    sorter.prepare()
    found: list[list[Component | Objects]] = []
    while sorter.is_active():
        names = sorter.get_ready()
        sorter.done(*names)
        found.append([named[name] for name in names])
    return found
