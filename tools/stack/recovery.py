"""What a killed run left behind: processes and a lock; then the operations whose end no one noted (`settlement`).

Owns setting those right, for local state alone: its lock names a process of this machine, and that it is dead can be
seen. A remote state's lock may be a colleague's, and `pulumi cancel` is then a person's decision.
"""

import fcntl
import json
import os
import socket
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import psutil

from tools.stack.engine import MARK, Engine
from tools.stack.errors import StackError
from tools.stack.kubernetes import Kubectl
from tools.stack.session import say
from tools.stack.settlement import settle

_GRACE_SECONDS = 5
# The kernel's idea of when a process started moves when the clock is set.
_CLOCK_SECONDS = 5


def recover(engine: Engine, kubectl: Kubectl) -> None:
    """Make the stack usable again after a run that was killed; do nothing after one that ended.

    Raises StackError where a run is still under way, or may be.
    """
    if not engine.workspace.local:
        return
    end_leftovers(engine)
    locks = list(_locks(engine))
    if locks:
        engine.output("cancel", "--yes")
        say("unlocked the state: the run that held it was killed")
    # What a killed engine was writing; among the locks, the next one would take it for a lock.
    for file in engine.workspace.state.rglob("*.tmp"):
        file.unlink()
    if locks or engine.unfinished.exists():
        outcomes = settle(engine, kubectl)
        if outcomes:
            counted = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
            say(f"settled what a killed run had begun: {counted}")
        engine.unfinished.unlink(missing_ok=True)


def end_leftovers(engine: Engine) -> None:
    """Have the stack to ourselves: end what a killed engine had started.

    Raises StackError where another command, or an engine without its command, works on the stack.
    """
    _claim(engine)
    found = list(_marked(str(engine.workspace.folder)))
    for process in found:
        if process.name() == "pulumi":
            raise _busy(engine, process.pid)
    for process in found:
        process.terminate()
    _, alive = psutil.wait_procs(found, timeout=_GRACE_SECONDS)
    for process in alive:
        process.kill()
    if found:
        say(f"ended {len(found)} {'process' if len(found) == 1 else 'processes'} that a killed run left")


def _busy(engine: Engine, pid: int) -> StackError:
    return StackError(
        f"process {pid} is working on stack '{engine.workspace.stack}': "
        f"wait for it, or end it in order (kill -INT {pid})"
    )


def _claim(engine: Engine) -> None:
    """Lock out other commands until this process ends, however it ends: the descriptor is never closed."""
    descriptor = os.open(engine.workspace.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _busy(engine, int(os.pread(descriptor, 20, 0) or 0)) from None
    os.truncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)


def _marked(folder: str) -> Iterator[psutil.Process]:
    """Yield the living processes that belong to an engine of this stack."""
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == folder and process.status() != psutil.STATUS_ZOMBIE:
                yield process
        except (psutil.Error, OSError):
            continue


def _locks(engine: Engine) -> Iterator[Mapping[str, Any]]:
    """Yield the state's locks. Raises StackError where one's owner is not a dead process of this machine."""
    for file in (engine.workspace.state / ".pulumi" / "locks").rglob("*.json"):
        lock = json.loads(file.read_text())
        owner = f"process {lock['pid']} on {lock['hostname']} since {lock['timestamp']}"
        if lock["hostname"] != socket.gethostname():
            raise StackError(
                f"stack '{engine.workspace.stack}' is locked by {owner}, which can't be seen from here: "
                f"wait for it, or remove {file} if it is no more"
            )
        if _owns(lock):
            raise StackError(f"stack '{engine.workspace.stack}' is locked by {owner}: wait for it, or end it")
        yield lock


def _owns(lock: Mapping[str, Any]) -> bool:
    """Whether the process that made the lock lives. One that started later has only been given its number."""
    try:
        process = psutil.Process(lock["pid"])
        started = process.create_time()
        alive = process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    return alive and started <= datetime.fromisoformat(lock["timestamp"]).timestamp() + _CLOCK_SECONDS
