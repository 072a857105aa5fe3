"""The engine is killed at ten moments of its work; each time the next `up` converges without a hand."""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.lab.checkout import copy_checkout
from tests.lab.killing import Stack, of_another, program_runs, small, until
from tools.toolchain import ensure

pytestmark = [pytest.mark.lab, pytest.mark.enable_socket]

Trigger = Callable[[Stack, int], object]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(copy_checkout(tmp_path_factory.mktemp("kills") / "checkout"), ensure(progress=sys.stderr))
    yield stack
    stack.end()


def same(text: str) -> str:
    return text


@dataclass(frozen=True)
class Moment:
    """``edit`` makes what the killed run was to do; ``count`` in ``reached`` is the number of resources before it."""

    name: str
    edit: Callable[[str], str]
    reached: Trigger
    command: str = "up"


MOMENTS = (
    Moment("the first preview", same, lambda stack, _: program_runs(stack), "preview"),
    Moment("before the first deletion", small, lambda stack, _: stack.locks),
    Moment("the first creations", same, lambda stack, _: len(stack.pending("creating")) > 2),
    Moment("the first deletions", small, lambda stack, _: stack.pending("deleting")),
    Moment("a third created", same, lambda stack, count: stack.count() > count + 16 and stack.pending("creating")),
    Moment("half deleted", small, lambda stack, count: stack.count() < count - 25 and stack.pending("deleting")),
    Moment("nearly all created", same, lambda stack, _: stack.count() > 56),
    Moment("updates", of_another, lambda stack, _: len(stack.pending("updating")) > 3),
    Moment("nearly all deleted", small, lambda stack, count: stack.count() < count - 38),
    Moment("a Deployment awaited", same, lambda stack, _: "creating platform-inference-deployment" in stack.pending()),
)


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.name)
def test_the_next_up_converges(stack: Stack, moment: Moment) -> None:
    full = (Path(__file__).parents[2] / "stacks" / "Pulumi.local.yaml").read_text()
    stack.file.write_text(moment.edit(full))
    count, started = stack.count(), time.monotonic()
    run = stack.start()
    engine: psutil.Process = until(lambda: stack.engine(moment.command), f"{moment.command} starts", run)
    until(lambda: moment.reached(stack, count), moment.name, run)
    engine.kill()
    assert run.wait() == 1
    left = [process.name() for process in stack.processes()]
    print(f"{moment.name}: killed after {time.monotonic() - started:.1f} s with {count} -> {stack.count()} resources")
    print(f"left: {stack.pending()}, {len(stack.locks)} locks, processes {left}")
    started = time.monotonic()
    said = stack.checkout.up()
    print("\n".join(line for line in said.splitlines() if "killed" in line))
    print(f"up again in {time.monotonic() - started:.1f} s: {stack.count()} resources")
    stack.assert_whole()


def test_what_was_settled_can_be_edited(stack: Stack) -> None:
    stack.file.write_text(of_another(stack.file.read_text()))
    stack.checkout.up()
    stack.assert_whole()
    assert "no changes" in stack.checkout.up()


def test_an_object_that_the_stack_no_longer_wants_is_not_orphaned(stack: Stack) -> None:
    stack.file.write_text(small(stack.file.read_text()))
    stack.checkout.up()
    full = (Path(__file__).parents[2] / "stacks" / "Pulumi.local.yaml").read_text()
    stack.file.write_text(full)
    run = stack.start()
    engine: psutil.Process = until(lambda: stack.engine("up"), "up starts", run)
    deployment = ("Deployment", "vision", "inference")
    until(lambda: "creating platform-inference-deployment" in stack.pending(), "the Deployment is begun", run)
    until(lambda: deployment in stack.live("deployments"), "it is on the cluster", run)
    engine.kill()
    assert "creating platform-inference-deployment" in stack.pending(), "awaited, so not noted yet"
    assert run.wait() == 1
    stack.file.write_text(small(full))
    stack.checkout.up()
    stack.assert_whole()
    assert deployment not in stack.live("deployments")
