"""The life of one lab: start, status, stop, reset.

Owns the sequence of each. It does not own what a lab consists of (`components`, `objects`), how that is brought up
(`supervisor`), nor where the programs come from (`tools.toolchain`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.lab import configs, ports, processes
from tools.lab.components import COMPONENTS
from tools.lab.errors import LabError
from tools.lab.kubectl import kubectl
from tools.lab.layout import Layout, write_private
from tools.lab.lock import locked, remove
from tools.lab.objects import OBJECTS
from tools.lab.plans import plan
from tools.lab.records import Tools
from tools.lab.states import ComponentStatus, running_of, status_of
from tools.lab.supervisor import Supervisor, batches

Progress = Callable[[str], None]


def silent(_line: str) -> None:
    """Show no progress."""


class Lab:
    """A simulated cluster in a folder. Without a toolchain it can be looked at and ended, but not started."""

    def __init__(self, folder: Path, toolchain: Tools | None) -> None:
        self.folder = folder.resolve()
        self._toolchain = toolchain

    @property
    def kubeconfig(self) -> Path:
        """The administrator's kubeconfig; it is there after the first start."""
        return Layout(self.folder, {}).kubeconfig

    def start(self, progress: Progress = silent) -> None:
        """Have every component running and ready, with the data there was; what is up is left alone."""
        tools = self._tools()
        with locked(self.folder, progress):
            try:
                self._start(tools, progress)
            except LabError as error:
                # Someone may take a port between our choice and the component's bind; the next choice is another.
                if not self._port_lost(error.component):
                    raise
                progress(f"{error.component:<24} lost its port to another program, trying another")
                self._start(tools, progress)

    def status(self) -> list[ComponentStatus]:
        """Tell of every component, without waiting for a start or stop that is under way."""
        layout = ports.load(self.folder)
        return [status_of(layout, component) for component in COMPONENTS]

    def stop(self, progress: Progress = silent) -> None:
        """End every process; the data stays."""
        if self.folder.is_dir():
            with locked(self.folder, progress):
                self._stop(progress)

    def reset(self, progress: Progress = silent) -> None:
        """End every process and remove the folder."""
        if self.folder.is_dir():
            with locked(self.folder, progress):
                self._stop(progress)
                remove(self.folder)

    def kubectl(self, *arguments: str, input: str | None = None) -> str:  # noqa: A002 - as subprocess.run names it
        """Run kubectl as the administrator and return what it printed."""
        return kubectl(ports.load(self.folder), self._tools(), arguments, input)

    def _tools(self) -> Tools:
        if self._toolchain is None:
            raise LabError("This lab was opened without a toolchain: it can be looked at and stopped, no more.")
        return self._toolchain

    def _start(self, tools: Tools, progress: Progress) -> None:
        before = ports.load(self.folder)
        running = running_of(before)
        if len(running) < len(COMPONENTS):
            processes.terminate(processes.strays(self.folder, (record.process for record in running.values())))
        held = {port for component in COMPONENTS if component.name in running for port in component.ports}
        layout = ports.settle(before, (port for component in COMPONENTS for port in component.ports), held)
        _issue(layout)
        write_private(layout.kubeconfig, configs.kubeconfig(layout, "admin"))
        plans = {component.name: plan(component, layout, tools) for component in COMPONENTS}
        # Before anything is started, since an API server that has lost its etcd won't end in peace.
        _end({name: one for name, one in running.items() if one.fingerprint != plans[name].fingerprint}, progress)
        rows = [row for batch in batches([*COMPONENTS, *OBJECTS]) for row in batch]
        Supervisor(layout=layout, tools=tools, plans=plans, progress=progress).run(rows)
        for name in plans.keys() - running_of(layout).keys():
            raise LabError(f"{name} has ended after it was ready.", component=name, log=layout.log(name))

    def _stop(self, progress: Progress) -> None:
        layout = ports.load(self.folder)
        _end(running_of(layout), progress)
        processes.terminate(processes.strays(self.folder, ()))
        for component in COMPONENTS:
            layout.record(component.name).unlink(missing_ok=True)

    def _port_lost(self, name: str | None) -> bool:
        layout = ports.load(self.folder)
        if name is None or name in running_of(layout):
            return False
        needed = [port for component in COMPONENTS if component.name == name for port in component.ports]
        return not all(ports.free(layout.ports[port]) for port in needed)


def _end(running: Mapping[str, processes.Running], progress: Progress) -> None:
    """End processes, each before what it needs."""
    for batch in reversed(batches([*COMPONENTS, *OBJECTS])):
        names = [row.name for row in batch if row.name in running]
        started = time.monotonic()
        processes.terminate(running[name].process for name in names)
        if names:
            progress(f"{', '.join(names)} stopped after {time.monotonic() - started:.1f} s")


def _issue(layout: Layout) -> None:
    """Issue the certificates that are missing: all at first, a new row's later."""
    wanted = [certificate for component in COMPONENTS for certificate in component.certificates]
    wanted += [component.identity for component in COMPONENTS if component.identity is not None]
    missing = [certificate for certificate in wanted if not layout.crt(certificate.name).exists()]
    accounts = (layout.pki / "service-accounts.pub").exists()
    if missing or not accounts:
        # Loaded when needed: cryptography takes as long to import as a healthy lab to check.
        from tools.lab import pki

        for certificate in missing:
            pki.issue(layout, certificate)
        if not accounts:
            pki.issue_service_accounts(layout)
