"""What a killed run left behind: processes, a lock, and operations whose end no one noted.

Owns setting those right, for local state alone: its lock names a process of this machine, and that it is dead can be
seen. A remote state's lock may be a colleague's, and `pulumi cancel` is then a person's decision.
"""

import json
import os
import socket
from collections.abc import Iterator, Mapping
from subprocess import CalledProcessError
from typing import Any

import psutil

from tools.stack.engine import Engine
from tools.stack.errors import StackError
from tools.stack.kubernetes import Kubectl
from tools.stack.session import say

_GRACE_SECONDS = 5


def recover(engine: Engine, kubectl: Kubectl) -> None:
    """Make the stack usable again after a run that was killed; do nothing after one that ended.

    Raises StackError where a run is still under way.
    """
    if not engine.record.exists():
        return
    end_leftovers(engine)
    locks = list(_locks(engine))
    if locks:
        engine.output("cancel", "--yes")
        say("unlocked the state: the run that held it was killed")
    pending = _pending(engine)
    if pending:
        _settle(engine, kubectl, pending)
        say(f"settled {len(pending)} {'operation' if len(pending) == 1 else 'operations'} that a killed run had begun")
    engine.record.unlink(missing_ok=True)


def end_leftovers(engine: Engine) -> None:
    """End what a killed engine had started. Raises StackError where the engine itself lives."""
    if not engine.record.exists():
        return
    record = json.loads(engine.record.read_text())
    if _lives(record["pid"], record["started"]):
        raise StackError(
            f"process {record['pid']} is working on stack '{engine.workspace.stack}': "
            "wait for it, or end it (kill -INT)"
        )
    leftovers = list(_session(record["pid"], str(engine.workspace.home)))
    for process in leftovers:
        process.terminate()
    _, alive = psutil.wait_procs(leftovers, timeout=_GRACE_SECONDS)
    for process in alive:
        process.kill()
    if leftovers:
        say(f"ended {len(leftovers)} processes that a killed run left")


def _lives(pid: int, started: float) -> bool:
    try:
        process = psutil.Process(pid)
        return process.create_time() == started and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _session(leader: int, home: str) -> Iterator[psutil.Process]:
    """Yield the living processes of the engine's session. Its number may be another's by now, its home is not."""
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == leader and process.environ().get("PULUMI_HOME") == home:
                yield process
        except (ProcessLookupError, psutil.Error):
            continue


def _locks(engine: Engine) -> Iterator[Mapping[str, Any]]:
    """Yield the state's locks. Raises StackError where one is not a dead process of this machine."""
    for file in (engine.workspace.state / ".pulumi" / "locks").rglob("*.json"):
        lock = json.loads(file.read_text())
        if lock["hostname"] != socket.gethostname() or psutil.pid_exists(lock["pid"]):
            raise StackError(
                f"stack '{engine.workspace.stack}' is locked by process {lock['pid']} on {lock['hostname']} "
                f"since {lock['timestamp']}: wait for it, or end it"
            )
        yield lock


def _pending(engine: Engine) -> list[Mapping[str, Any]]:
    deployment = json.loads(engine.output("stack", "export"))["deployment"]
    return deployment.get("pending_operations") or []


def _settle(engine: Engine, kubectl: Kubectl, pending: list[Mapping[str, Any]]) -> None:
    """Let the engine look at each object that was being worked on.

    A create that reached the cluster is imported, so that the next run keeps the object or deletes it, as the stack
    file says by then; one that did not is forgotten.
    """
    arguments: list[str] = []
    for operation in pending:
        resource = operation["resource"]
        if operation["type"] == "creating" and (identity := _live(kubectl, resource.get("inputs", {}))):
            arguments += ["--import-pending-creates", resource["urn"], "--import-pending-creates", identity]
    with (engine.workspace.folder / "recovery.log").open("w") as log:
        code = engine.work("refresh", "--yes", "--skip-preview", *arguments, "--clear-pending-creates", output=log)
    if code:
        raise StackError(f"operations of a killed run could not be settled: see {log.name}")


def _live(kubectl: Kubectl, inputs: Mapping[str, Any]) -> str | None:
    """Return the provider's id of an object if it is on the cluster (pulumi-kubernetes: `namespace/name` or `name`)."""
    if "kind" not in inputs:
        return None
    meta, group = inputs["metadata"], inputs["apiVersion"].rpartition("/")[0]
    kind = f"{inputs['kind']}.{group}" if group else inputs["kind"]
    scope = ["-n", meta["namespace"]] if "namespace" in meta else []
    try:
        kubectl("get", kind, meta["name"], *scope, "-o", "name")
    except CalledProcessError as error:
        if "NotFound" in str(error.stderr):
            return None
        raise
    return f"{meta['namespace']}/{meta['name']}" if "namespace" in meta else str(meta["name"])
