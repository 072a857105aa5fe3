"""`down` leaves nothing: no process, no port, no file; and it may be said twice."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psutil
import pytest

from tests.lab.platform import Platform

pytestmark = [pytest.mark.lab, pytest.mark.enable_socket]


def _processes(folder: str) -> Iterator[str]:
    """Yield whatever works in a folder, or was started with a path in it; this process only holds its name."""
    for process in psutil.process_iter():
        try:
            places = [process.cwd(), *process.cmdline(), process.environ().get("PULUMI_HOME", "")]
        except psutil.Error:
            continue
        if process.pid != os.getpid() and any(folder in place for place in places):
            yield f"{process.pid} {' '.join(process.cmdline())[:120]}"


def _listening(ports: set[int]) -> set[int]:
    listening = [each.laddr for each in psutil.net_connections("inet") if each.status == psutil.CONN_LISTEN]
    return ports & {address[1] for address in listening if address}


def test_down_leaves_no_process_no_port_and_no_file_and_may_be_said_again(platform: Platform) -> None:
    checkout, root = platform.checkout, str(platform.checkout.root)
    ports = {port for component in platform.lab.status() for port in component.ports}
    assert _listening(ports) == ports, "the ports must be read right"
    assert list(_processes(root)), "and the processes"

    result = checkout.run("down")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "nothing of stack local is left" in result.stderr
    assert list(_processes(root)) == []
    assert _listening(ports) == set()
    assert not platform.folder.exists(), "the stack's folder is gone, its state with it"

    again = checkout.run("down")
    assert (again.returncode, again.stdout) == (0, "")
    assert "stack local is not up" in again.stderr

    status = checkout.run("status")
    assert status.returncode == 1
    assert "`make up` starts it" in status.stderr, "it says what to do"
    assert not platform.folder.exists(), "looking makes no file"
