"""How the language host ends: asked to, or left behind. Nothing that it started may outlive it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import grpc
import psutil
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2 as messages

from tests.unit.langhost_engine import Call, Client, Host, host_command, runner_on_path

# Says that it runs, and has a child of its own, as a program that renders a chart has.
_ENDLESS = """
import pathlib, subprocess, time
child = subprocess.Popen(["sleep", "60"])
pathlib.Path("children").write_text(str(child.pid))
time.sleep(60)
"""
# More than the interval at which a parent is watched, less than anyone would wait.
_PATIENCE = 1.5


@pytest.fixture(autouse=True)
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runner_on_path(tmp_path / "runner", monkeypatch)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with Host(tmp_path) as started:
        yield started


def endless(folder: Path) -> messages.RunRequest:
    (folder / "__main__.py").write_text(_ENDLESS, encoding="utf-8")
    info = messages.ProgramInfo(root_directory=str(folder), program_directory=str(folder), entry_point=".")
    return messages.RunRequest(pwd=str(folder), project="p", stack="s", monitor_address="m", info=info)


def start_endless(client: Client, folder: Path) -> Call[messages.RunResponse]:
    call = client.start("Run", endless(folder), messages.RunResponse)
    until(lambda: (folder / "children").is_file() and (folder / "children").read_text() != "", 5)
    return call


def ended(process: psutil.Process) -> bool:
    # What has lost its parent is reaped by the machine's first process, whenever that likes.
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def until(true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.02)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_at_once_and_without_a_word(host: Host, how: signal.Signals) -> None:
    start_endless(host.client, host.project)
    below = host.descendants()
    os.killpg(host.process.pid, how)
    assert host.process.wait(timeout=_PATIENCE) == 0
    assert host.close() == ("", ""), "no traceback of its own or of the program's"
    until(lambda: all(map(ended, below)), _PATIENCE)


def test_a_host_that_is_told_alone_ends_its_program(host: Host) -> None:
    start_endless(host.client, host.project)
    (program,) = psutil.Process(host.process.pid).children()
    host.process.terminate()
    assert host.process.wait(timeout=_PATIENCE) == 0
    until(lambda: ended(program), _PATIENCE)


def test_cancelling_ends_the_program_and_leaves_the_last_word_to_the_engine(host: Host) -> None:
    call = start_endless(host.client, host.project)
    host.client.ask("Cancel", Empty(), Empty)
    assert call.result(timeout=_PATIENCE).bail


def test_ending_the_call_ends_the_program(host: Host) -> None:
    call = start_endless(host.client, host.project)
    (program,) = psutil.Process(host.process.pid).children()
    call.cancel()
    until(lambda: ended(program), _PATIENCE)


def test_a_program_whose_host_was_killed_ends(host: Host) -> None:
    start_endless(host.client, host.project)
    (program,) = psutil.Process(host.process.pid).children()
    host.process.kill()
    until(lambda: ended(program), _PATIENCE)


_ENGINE = """
import subprocess, sys, time
host = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, process_group=0)
print(host.pid, host.stdout.readline().decode(), flush=True)
time.sleep(60)
"""


def test_nothing_is_left_of_an_engine_that_was_killed(tmp_path: Path) -> None:
    engine = subprocess.Popen([sys.executable, "-c", _ENGINE, *host_command()], stdout=subprocess.PIPE, text=True)
    assert engine.stdout is not None
    pid, port = map(int, engine.stdout.readline().split())
    client = Client(port)
    with closing(client):
        call = start_endless(client, tmp_path)
        host = psutil.Process(pid)
        left = [host, *host.children(recursive=True)]
        assert len(left) == 3, "the host, its program, and the program's own child"
        engine.kill()
        engine.communicate()
        until(lambda: all(map(ended, left)), _PATIENCE)
        with pytest.raises(grpc.RpcError):
            call.result()
