"""What is left of a killed run is set right, and nothing that may be alive or someone else's is touched."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tools.stack.engine import MARK, Engine, passing_on_interrupts
from tools.stack.errors import StackError
from tools.stack.kubernetes import Kubectl
from tools.stack.recovery import end_leftovers, recover
from tools.stack.settlement import settle

LIMITS = {"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "tenant", "namespace": "language"}}
QUOTA = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "tenant", "namespace": "language"}}


class Double:
    """An engine that only notes what it is asked; ``state`` is what it exports, and what is imported."""

    def __init__(self, folder: Path, *, local: bool = True) -> None:
        state = folder / "state"
        state.mkdir()
        self.workspace = SimpleNamespace(stack="local", folder=folder, state=state, local=local)
        self.unfinished = folder / "unfinished"
        self.locks = state / ".pulumi" / "locks" / "organization" / "gpu-platform" / "local"
        self.locks.mkdir(parents=True)
        self.asked: list[str] = []
        self.state: dict[str, Any] = {"version": 3, "deployment": {}}

    def output(self, *arguments: str) -> str:
        self.asked.append(" ".join(arguments[:2]))
        if arguments[0] == "cancel":
            for lock in self.locks.iterdir():
                lock.unlink()
        if arguments[:2] == ("stack", "import"):
            self.state = json.loads(Path(arguments[3]).read_text())
        return json.dumps(self.state)

    def lock(self, *, pid: int, host: str = "", since: datetime | None = None) -> Path:
        content = {"pid": pid, "hostname": host or socket.gethostname(), "username": "someone"}
        file = self.locks / "lock.json"
        file.write_text(json.dumps({**content, "timestamp": (since or datetime.now(UTC)).isoformat()}))
        return file

    @property
    def engine(self) -> Engine:
        return cast("Engine", self)


@pytest.fixture
def double(tmp_path: Path) -> Double:
    return Double(tmp_path)


@pytest.fixture
def dead() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "600"])
    yield process
    process.kill()
    process.wait()


def cluster(*objects: Mapping[str, Any]) -> Kubectl:
    """A kubectl that knows these objects and no others."""

    def run(*arguments: str, text: str | None = None) -> str:
        assert text is None
        for one in objects:
            if arguments[1] == one["kind"] and arguments[2] == one["metadata"]["name"]:
                return json.dumps(one)
        raise subprocess.CalledProcessError(1, "kubectl", stderr="Error from server (NotFound)")

    return run


def ours(document: Mapping[str, Any], **metadata: object) -> Mapping[str, Any]:
    managers = [
        {"manager": "kube-controller-manager", "time": "2026-11-22T07:33:42Z"},
        {"manager": "pulumi-kubernetes-1", "time": "2026-11-22T07:33:40Z"},
    ]
    labels = {"gpu-platform.dev/stack": "local"}
    return {**document, "metadata": {**document["metadata"], "labels": labels, "managedFields": managers, **metadata}}


def operation(kind: str, inputs: Mapping[str, Any], **more: object) -> dict[str, Any]:
    return {"type": kind, "resource": {"urn": f"urn::{inputs['kind']}", "custom": True, "inputs": inputs, **more}}


def resource(inputs: Mapping[str, Any], **more: object) -> dict[str, Any]:
    return {"urn": f"urn::{inputs['kind']}", "id": "language/tenant", "inputs": inputs, **more}


def test_after_a_run_that_ended_well_the_engine_is_not_even_asked(double: Double) -> None:
    recover(double.engine, cluster())
    assert not double.asked


def test_the_lock_of_a_dead_process_is_removed(double: Double, dead: int) -> None:
    lock = double.lock(pid=dead)
    recover(double.engine, cluster())
    assert not lock.exists()
    assert double.asked == ["cancel --yes", "stack export"], "and what it had begun is looked for"


def test_the_lock_of_a_process_whose_number_is_someone_elses_by_now_is_removed(double: Double) -> None:
    lock = double.lock(pid=os.getpid(), since=datetime.now(UTC) - timedelta(days=300))
    recover(double.engine, cluster())
    assert not lock.exists()


@pytest.mark.parametrize("host", ["", "another-machine"], ids=["alive", "of another machine"])
def test_a_lock_that_may_be_in_use_is_left_alone(double: Double, dead: int, host: str) -> None:
    pid = dead if host else os.getpid()
    lock = double.lock(pid=pid, host=host)
    double.unfinished.touch()
    with pytest.raises(StackError, match=f"'local' is locked by process {pid} on {host or socket.gethostname()} since"):
        recover(double.engine, cluster())
    assert lock.exists()
    assert not double.asked
    assert double.unfinished.exists()


def test_a_state_that_is_not_on_this_machine_is_never_touched(tmp_path: Path, dead: int) -> None:
    double = Double(tmp_path, local=False)
    lock = double.lock(pid=dead)
    double.unfinished.touch()
    recover(double.engine, cluster())
    assert lock.exists()
    assert not double.asked


def test_a_half_written_file_is_removed_before_it_is_taken_for_a_lock(double: Double) -> None:
    file = double.locks / "lock.json.18b7.tmp"
    file.write_text('{"pid"')
    recover(double.engine, cluster())
    assert not file.exists()


def test_only_what_bears_the_stacks_mark_is_ended(double: Double, sleeper: subprocess.Popen[bytes]) -> None:
    left = subprocess.Popen(["sleep", "600"], env={**os.environ, MARK: str(double.workspace.folder)})
    others = subprocess.Popen(["sleep", "600"], env={**os.environ, MARK: "/another/stack"})
    try:
        end_leftovers(double.engine)
        assert left.poll() is not None
        assert others.poll() is None
        assert sleeper.poll() is None
    finally:
        for process in (left, others):
            process.kill()
            process.wait()


def test_a_living_engine_is_named_and_not_ended(double: Double) -> None:
    pulumi = double.workspace.folder / "pulumi"
    pulumi.symlink_to("/bin/sleep")
    engine = subprocess.Popen([str(pulumi), "600"], env={**os.environ, MARK: str(double.workspace.folder)})
    try:
        with pytest.raises(StackError, match=rf"process {engine.pid} is working on stack 'local': .*kill -INT"):
            recover(double.engine, cluster())
        assert engine.poll() is None
    finally:
        engine.kill()
        engine.wait()


def test_a_second_command_is_refused_while_the_first_lives(double: Double) -> None:
    end_leftovers(double.engine)
    with pytest.raises(StackError, match=f"process {os.getpid()} is working on stack 'local'"):
        end_leftovers(double.engine)


def test_an_object_that_was_created_is_in_the_state_under_its_own_field_manager(double: Double) -> None:
    double.state["deployment"] = {"pending_operations": [operation("creating", LIMITS)]}
    assert settle(double.engine, cluster(ours(LIMITS))) == {"created": 1}
    [adopted] = double.state["deployment"]["resources"]
    assert adopted["id"] == "language/tenant"
    assert adopted["inputs"] == LIMITS
    assert adopted["outputs"]["__fieldManager"] == "pulumi-kubernetes-1", "another one's edits would be in conflict"
    assert adopted["initErrors"], "or the engine would take it for complete"
    assert "pending_operations" not in double.state["deployment"]


@pytest.mark.parametrize("live", [[], [QUOTA]], ids=["missing", "without our label"])
def test_an_object_that_is_not_there_or_not_ours_is_forgotten(double: Double, live: list[Mapping[str, Any]]) -> None:
    double.state["deployment"] = {"pending_operations": [operation("creating", QUOTA)], "resources": []}
    assert settle(double.engine, cluster(*live)) == {"not created yet": 1}
    assert double.state["deployment"] == {"resources": []}


def test_what_replaces_an_object_takes_its_place(double: Double) -> None:
    before = [resource(LIMITS, pendingReplacement=True), resource(QUOTA)]
    double.state["deployment"] = {"pending_operations": [operation("creating", LIMITS)], "resources": before}
    settle(double.engine, cluster(ours(LIMITS)))
    after = double.state["deployment"]["resources"]
    assert [one["urn"] for one in after] == ["urn::LimitRange", "urn::ResourceQuota"]
    assert "pendingReplacement" not in after[0]


@pytest.mark.parametrize("identity", [{"id": "language/tenant"}, {}], ids=["under way", "hardly begun"])
def test_an_update_is_done_again_and_a_deletion_noted(double: Double, identity: Mapping[str, str]) -> None:
    double.state["deployment"] = {
        "pending_operations": [
            operation("updating", LIMITS, **identity),
            operation("deleting", QUOTA, id="language/tenant"),
        ],
        "resources": [resource(LIMITS), resource(QUOTA)],
    }
    assert settle(double.engine, cluster(ours(LIMITS))) == {"to be looked at again": 1, "deleted": 1}
    [left] = double.state["deployment"]["resources"]
    assert left["urn"] == "urn::LimitRange"
    assert left["initErrors"]


def test_components_and_providers_are_dropped(double: Double) -> None:
    double.state["deployment"] = {
        "pending_operations": [
            {"type": "creating", "resource": {"urn": "urn::a-component", "custom": False}},
            {"type": "creating", "resource": {"urn": "urn::a-provider", "custom": True, "inputs": {"version": "4"}}},
        ]
    }
    assert not settle(double.engine, cluster())
    assert double.state["deployment"] == {"resources": []}


def test_an_interrupt_before_the_engine_starts_reaches_it() -> None:
    with passing_on_interrupts() as to:
        signal.raise_signal(signal.SIGTERM)
        process = subprocess.Popen(["sleep", "600"], text=True)
        to(process)
        assert process.wait(timeout=5) == -signal.SIGTERM
