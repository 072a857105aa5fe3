"""A lab is started, found again, brought back, stopped and removed."""

from __future__ import annotations

import os
import signal
import stat
import time
from pathlib import Path

import psutil
import pytest

from tests.lab import cluster
from tools.lab import Lab
from tools.lab.errors import tail
from tools.lab.processes import strays
from tools.toolchain import Toolchain

pytestmark = [pytest.mark.lab, pytest.mark.enable_socket]

COMPONENTS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok", "kueue")


def pids(lab: Lab) -> dict[str, int | None]:
    return {component.name: component.pid for component in lab.status()}


def kill(pid: int | None) -> None:
    assert pid is not None
    process = psutil.Process(pid)
    os.kill(pid, signal.SIGKILL)
    # The child of this very process is a zombie until someone asks: gone means that its ports are free.
    cluster.eventually(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE, f"{pid} ends")


def test_every_component_runs_and_listens_on_loopback_only(lab: Lab) -> None:
    assert [component.name for component in lab.status()] == list(COMPONENTS)
    for component in lab.status():
        assert component.state == "running"
        assert component.pid is not None
        listening = {
            (connection.laddr.ip, connection.laddr.port)
            for connection in psutil.Process(component.pid).net_connections()
            if connection.status == psutil.CONN_LISTEN or connection.type.name == "SOCK_DGRAM"
        }
        assert listening == {("127.0.0.1", port) for port in component.ports}, (
            f"{component.name} must listen on its own ports of loopback and nowhere else"
        )


def test_nobody_else_can_read_the_folder_or_a_credential(lab: Lab) -> None:
    assert stat.S_IMODE(lab.folder.stat().st_mode) == 0o700
    secrets = [lab.kubeconfig, *lab.folder.glob("kubeconfigs/*"), *lab.folder.glob("pki/**/*.key")]
    assert len(secrets) > len(COMPONENTS), "the glob must find the credentials"
    for path in [path for path in lab.folder.rglob("*") if path.is_file()]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 or "cache" in path.parts, f"{path} is open to others"


def test_a_second_start_changes_no_process_and_is_quick(lab: Lab) -> None:
    before = pids(lab)
    started = time.monotonic()
    lab.start()
    elapsed = time.monotonic() - started
    assert pids(lab) == before
    assert elapsed < 2, f"0.1 s on an idle machine, {elapsed:.1f} s here: a healthy lab needs no work"


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_killed_component_is_brought_back_with_the_data(lab: Lab, name: str) -> None:
    cluster.apply(lab, cluster.config_map(f"before-{name}"))
    before = pids(lab)
    kill(before[name])
    assert {component.name: component.state for component in lab.status()}[name] == "dead"
    lab.start()
    after = pids(lab)
    assert {other for other in COMPONENTS if after[other] != before[other]} == {name}, "only the dead one is started"
    assert cluster.get(lab, "configmap", f"before-{name}")["metadata"]["name"] == f"before-{name}"
    cluster.apply(lab, cluster.config_map(f"after-{name}"))


def test_nodes_run_pods_at_once_after_kwok_was_brought_back(lab: Lab) -> None:
    cluster.apply(lab, cluster.gpu_node("survivor"), cluster.gpu_job("before-kwok", 1))
    cluster.eventually(lambda: cluster.get(lab, "job", "before-kwok")["status"].get("succeeded") == 1, "a job succeeds")
    kill(pids(lab)["kwok"])
    lab.start()
    cluster.apply(lab, cluster.gpu_job("after-kwok", 1))
    # Leases last 40 s: who waits for them to expire needs longer.
    cluster.eventually(lambda: cluster.get(lab, "job", "after-kwok")["status"].get("succeeded") == 1, "another", 25)


def test_a_lab_whose_processes_were_all_killed_is_brought_back_with_the_data(lab: Lab) -> None:
    cluster.apply(lab, cluster.config_map("before-all"))
    before = pids(lab)
    for pid in before.values():
        kill(pid)
    lab.start()
    after = pids(lab)
    assert not set(before.values()) & set(after.values())
    assert cluster.get(lab, "configmap", "before-all")["metadata"]["name"] == "before-all"


def test_two_labs_live_side_by_side_and_one_ends_without_a_trace(lab: Lab, toolchain: Toolchain, folder: Path) -> None:
    other = Lab(folder, toolchain)
    try:
        other.start()
        shared = {port for one in lab.status() for port in one.ports} & {p for one in other.status() for p in one.ports}
        assert not shared, "each lab has ports of its own"
        cluster.apply(other, cluster.config_map("of-the-other"))
        assert not cluster.get(lab, "configmaps", "--field-selector=metadata.name=of-the-other")["items"]
        processes = [psutil.Process(pid) for pid in pids(other).values() if pid is not None]

        other.stop()
        assert {component.state for component in other.status()} == {"stopped"}
        assert not [process for process in processes if process.is_running()]
        assert not strays(other.folder, ())
        other.stop()

        other.start()
        assert cluster.get(other, "configmap", "of-the-other"), "stop keeps the data"
    finally:
        other.reset()
    assert not folder.exists(), "reset leaves no file"
    assert not strays(other.folder, ())
    other.reset()
    dead = {one.name: tail(lab.folder / "logs" / f"{one.name}.log") for one in lab.status() if one.state != "running"}
    assert not dead, "the first lab noticed nothing"
