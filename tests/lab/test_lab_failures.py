"""What a lab does when something is wrong with it, or with the machine around it."""

from __future__ import annotations

import dataclasses
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.lab import cluster
from tools.lab import Lab, LabError
from tools.lab import lab as lab_module
from tools.lab.processes import since_boot, strays
from tools.toolchain import Toolchain

pytestmark = [pytest.mark.lab, pytest.mark.enable_socket]


@dataclass(frozen=True)
class Substituted:
    """The toolchain with some programs replaced."""

    toolchain: Toolchain
    programs: Mapping[str, Path]

    def binary(self, name: str, /) -> Path:
        return self.programs.get(name) or self.toolchain.binary(name)

    def assets(self, tool: str, /) -> Path:
        return self.toolchain.assets(tool)


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)
    return path


@pytest.fixture
def bystander() -> Iterator[psutil.Popen]:
    """A process that is none of the lab's business."""
    process = psutil.Popen(["sleep", "600"])
    yield process
    process.kill()
    process.wait()


def test_a_component_that_ends_is_named_with_the_end_of_its_log(toolchain: Toolchain, folder: Path) -> None:
    broken = script(folder.parent / "etcd", "seq 1 30; echo the disk is on fire; exit 3")
    lab = Lab(folder, Substituted(toolchain, {"etcd": broken}))
    with pytest.raises(LabError) as caught:
        lab.start()
    message = str(caught.value)
    assert caught.value.component == "etcd"
    assert "etcd ended" in message
    assert str(folder / "logs" / "etcd.log") in message
    assert message.endswith("| the disk is on fire")
    assert "| 12\n" in message
    assert "| 11\n" not in message, "20 lines, no more"
    lab.reset()
    assert not strays(folder, ())


def test_a_component_that_never_gets_ready_is_named(
    toolchain: Toolchain, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried = tuple(dataclasses.replace(component, timeout=1) for component in lab_module.COMPONENTS)
    monkeypatch.setattr(lab_module, "COMPONENTS", hurried)
    idle = script(folder.parent / "etcd", "exec sleep 600")
    lab = Lab(folder, Substituted(toolchain, {"etcd": idle}))
    with pytest.raises(LabError, match="etcd was not ready after 1 s"):
        lab.start()
    lab.reset()
    assert not strays(folder, ())


def test_a_program_that_is_missing_is_named(toolchain: Toolchain, folder: Path) -> None:
    lab = Lab(folder, Substituted(toolchain, {"etcd": folder / "missing"}))
    with pytest.raises(LabError, match="etcd can't be run"):
        lab.start()
    lab.reset()


def test_a_changed_program_is_started_again_and_nothing_else(lab: Lab, toolchain: Toolchain, tmp_path: Path) -> None:
    before = {component.name: component.pid for component in lab.status()}
    elsewhere = tmp_path / "kwok"
    elsewhere.symlink_to(toolchain.binary("kwok"))
    Lab(lab.folder, Substituted(toolchain, {"kwok": elsewhere})).start()
    after = {component.name: component.pid for component in lab.status()}
    assert {name for name in before if before[name] != after[name]} == {"kwok"}
    lab.start()


def test_a_port_that_someone_else_took_meanwhile_is_given_up(toolchain: Toolchain, folder: Path) -> None:
    lab = Lab(folder, toolchain)
    try:
        lab.start()
        cluster.apply(lab, cluster.config_map("kept"))
        first = {component.name: component.ports for component in lab.status()}
        lab.stop()
        with socket.create_server(("127.0.0.1", first["kube-apiserver"][0])):
            lab.start()
            second = {component.name: component.ports for component in lab.status()}
            assert {name for name in first if first[name] != second[name]} == {"kube-apiserver"}
            assert cluster.get(lab, "configmap", "kept"), "the kubeconfig has the new port, the cluster the old data"
    finally:
        lab.reset()


def test_starts_at_the_same_time_do_not_collide(lab: Lab) -> None:
    for component in lab.status():
        if component.name in ("kwok", "kube-scheduler"):
            psutil.Process(component.pid).kill()
    failures: list[BaseException] = []

    def start() -> None:
        try:
            Lab(lab.folder, lab._toolchain).start()  # pyright: ignore[reportPrivateUsage]
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert {component.state for component in lab.status()} == {"running"}
    assert len(strays(lab.folder, ())) == len(lab.status()), "one process for each component"


def test_a_process_without_a_record_is_ended_by_the_next_start(lab: Lab) -> None:
    [kwok] = [component for component in lab.status() if component.name == "kwok"]
    (lab.folder / "run" / "kwok.json").unlink()
    lab.start()
    [again] = [component for component in lab.status() if component.name == "kwok"]
    assert again.pid != kwok.pid
    assert again.ports == kwok.ports
    assert len(strays(lab.folder, ())) == len(lab.status())


@pytest.mark.parametrize("lie", ["since_boot", "argv"])
def test_a_pid_that_belongs_to_someone_else_by_now_is_not_signalled(
    folder: Path, bystander: psutil.Popen, lie: str
) -> None:
    record = {"pid": bystander.pid, "since_boot": since_boot(bystander), "argv": ["sleep", "600"], "fingerprint": ""}
    record[lie] = {"since_boot": since_boot(bystander) - 3600, "argv": ["etcd", "--name=lab"]}[lie]
    (folder / "run").mkdir(parents=True)
    (folder / "lock").touch()
    (folder / "run" / "etcd.json").write_text(json.dumps(record))
    lab = Lab(folder, None)
    assert lab.status()[0].state == "dead"
    lab.reset()
    assert bystander.is_running()
    assert bystander.status() != psutil.STATUS_ZOMBIE
    assert not folder.exists()


def test_a_damaged_record_is_not_an_error(folder: Path) -> None:
    (folder / "run").mkdir(parents=True)
    (folder / "lock").touch()
    (folder / "run" / "etcd.json").write_text('{"pid": 1')
    lab = Lab(folder, None)
    assert lab.status()[0].state == "stopped"
    lab.reset()


@pytest.mark.parametrize("life", [Lab.stop, Lab.reset])
def test_a_folder_of_something_else_is_left_alone(folder: Path, life: Callable[[Lab], None]) -> None:
    folder.mkdir(mode=0o755)
    (folder / "thesis.tex").write_text("years of work")
    with pytest.raises(LabError, match="is not a lab's folder"):
        life(Lab(folder, None))
    assert (folder / "thesis.tex").read_text() == "years of work"
    assert folder.stat().st_mode & 0o777 == 0o755


def test_the_command_line_ends_without_traceback(folder: Path) -> None:
    def run(command: str) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, "-m", "tools.lab", command, "--folder", str(folder)]
        return subprocess.run(argv, capture_output=True, text=True, check=False)

    status = run("status")
    assert (status.returncode, status.stderr) == (1, "")
    assert "etcd" in status.stdout
    assert not folder.exists(), "looking makes no lab"
    for command in ("stop", "reset"):
        assert (run(command).returncode, run(command).stderr) == (0, "")
    folder.mkdir()
    (folder / "lab.json").write_text('{"format": 99, "ports": {}}')
    future = run("status")
    assert future.returncode == 1
    assert "format 99" in future.stderr
    assert "Traceback" not in future.stderr
