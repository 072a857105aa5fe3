"""The tools themselves are killed or interrupted, or the cluster under them is; the next `up` goes on."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest
import yaml

from tests.lab.checkout import copy_checkout
from tests.lab.killing import Stack, of_another, program_runs, until
from tools.toolchain import ensure

pytestmark = [pytest.mark.lab, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(copy_checkout(tmp_path_factory.mktemp("interrupts") / "checkout"), ensure(progress=sys.stderr))
    yield stack
    stack.end()


def updating(stack: Stack) -> tuple[subprocess.Popen[str], psutil.Process]:
    """A run in the middle of an update of every object, and its engine."""
    stack.file.write_text(of_another(stack.file.read_text()))
    run = stack.start()
    engine = until(lambda: stack.engine("up"), "up starts", run)
    until(lambda: stack.pending("updating"), "updates", run)
    return run, engine


def test_a_stack_that_was_hardly_made_is_made(stack: Stack) -> None:
    run = stack.start()
    until(lambda: stack.engine("stack"), "the stack is made", run).kill()
    assert run.wait() == 1
    run = stack.start()
    engine = until(lambda: stack.engine("preview"), "preview starts", run)
    until(lambda: program_runs(stack), "the program runs", run)
    engine.kill()
    assert run.wait() == 1
    # As if it had been killed between making the stack and noting its salt.
    file = stack.folder / "Pulumi.local.yaml"
    content = yaml.safe_load(file.read_text())
    del content["encryptionsalt"]
    file.write_text(yaml.safe_dump(content))
    stack.checkout.up()
    stack.assert_whole()


def test_a_killed_cluster_comes_back_with_its_objects(stack: Stack) -> None:
    before = stack.live()
    for name in ("kube-apiserver", "etcd"):
        os.kill(json.loads((stack.folder / "cluster" / "run" / f"{name}.json").read_text())["pid"], signal.SIGKILL)
    assert "no changes" in stack.checkout.up()
    assert stack.live() == before
    stack.assert_whole()


def test_an_engine_that_has_lost_its_command_is_waited_for(stack: Stack) -> None:
    run, engine = updating(stack)
    second = stack.checkout.run("up")
    assert second.returncode == 1
    assert f"process {run.pid} is working on stack 'local'" in second.stderr, "one command at a time"
    engine.suspend()
    run.kill()
    run.wait()
    refused = stack.checkout.run("up")
    assert refused.returncode == 1
    assert f"process {engine.pid} is working on stack 'local'" in refused.stderr
    assert stack.locks, "nothing is unlocked while the engine lives"
    engine.resume()
    # It ends by itself, in order or at the first line that no one reads.
    until(lambda: not engine.is_running() or engine.status() == psutil.STATUS_ZOMBIE, "the engine ends")
    stack.checkout.up()
    stack.assert_whole()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_an_interrupt_ends_the_engine_in_order(stack: Stack, number: signal.Signals) -> None:
    run, _ = updating(stack)
    run.send_signal(number)
    assert run.wait() == 1
    assert "Traceback" not in stack.log
    assert not stack.locks
    assert not stack.processes()
    assert not stack.pending()
    assert "unlocked" not in stack.checkout.up()
    stack.assert_whole()
