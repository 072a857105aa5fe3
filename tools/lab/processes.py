"""Processes that outlive the program which started them, and how to recognize them later.

Owns the records in run/, and every signal the lab sends. It does not own what is started or why (`supervisor`). A
process is ours if its pid, its time of creation and its command line are those of a record: after a reboot, any program
may have the pid alone.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import psutil

from tools.lab.layout import read_json, write_private

# In the environment of whatever a lab starts, with the lab's folder: finds a process that was started just before its
# starter was killed, and so has no record.
MARK = "GPU_PLATFORM_LAB"

# Children of this very process are zombies once they end, until someone polls them; and a Popen that is collected
# while its process lives complains.
_children: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True, slots=True)
class Running:
    """A living process of ours, and what it was started from."""

    process: psutil.Process
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Dead:
    """A process that was started, was not stopped, and is no more."""


def read(path: Path) -> Running | Dead | None:
    """Return what a record tells of; nothing was started where there is none."""
    content = read_json(path)
    if not content:
        return None
    argv = cast("list[str]", content.get("argv", []))
    process = _find(int(content.get("pid", 0)), float(content.get("since_boot", 0)), argv)
    return Dead() if process is None else Running(process, str(content.get("fingerprint", "")))


def spawn(argv: Sequence[str], environment: Mapping[str, str], *, folder: Path, log: Path) -> psutil.Process:
    """Start a process of its own session in the lab's folder, writing to a log of its own."""
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    _children[:] = [child for child in _children if child.poll() is None]
    # Little is inherited: no credentials of whoever starts the lab, and no home folder with settings of theirs.
    inherited = {name: os.environ[name] for name in ("PATH", "TMPDIR", "LANG") if name in os.environ}
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as output:
        child = subprocess.Popen(
            argv,
            cwd=folder,
            env={**inherited, "HOME": str(folder), MARK: str(folder), **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _children.append(child)
    return psutil.Process(child.pid)


def write(path: Path, process: psutil.Process, argv: Sequence[str], fingerprint: str) -> None:
    """Record a process, with a fingerprint of what it was started from."""
    content = {
        "pid": process.pid,
        "since_boot": since_boot(process),
        "argv": list(argv),
        "fingerprint": fingerprint,
    }
    write_private(path, json.dumps(content, indent=2) + "\n")


def alive(process: psutil.Process) -> bool:
    """Tell whether a process still runs; a zombie doesn't."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _holds_something(process: psutil.Process) -> bool:
    """Tell whether something of a process is left: a zombie may have threads that still hold sockets and files."""
    try:
        holds = alive(process) or (process.is_running() and process.num_threads() > 1)
    except psutil.Error:
        holds = False
    # Only then, since a zombie with threads can't be cleared away yet.
    for child in _children:
        child.poll()
    return holds


def strays(folder: Path, known: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Return the lab's processes that no record tells of."""
    pids = {process.pid for process in known}
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        try:
            if process.pid not in pids and process.environ().get(MARK) == str(folder) and alive(process):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def terminate(targets: Iterable[psutil.Process], patience: float = 15) -> None:
    """End processes: politely, then after `patience` seconds not."""
    ended = [process for process in targets if alive(process)]
    remaining = ended
    for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 10)):
        for process in remaining:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        remaining = _await(remaining, alive, seconds)
        if not remaining:
            break
    _await(ended, _holds_something, 2)


def _await(
    remaining: list[psutil.Process], check: Callable[[psutil.Process], bool], seconds: float
) -> list[psutil.Process]:
    """Return the processes for which the check still holds after at most so many seconds."""
    deadline = time.monotonic() + seconds
    while (remaining := [process for process in remaining if check(process)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return remaining


def since_boot(process: psutil.Process) -> float:
    """Return when a process was created, in seconds that don't change when the clock is set."""
    return process.create_time() - psutil.boot_time()


def _find(pid: int, created: float, argv: Sequence[str]) -> psutil.Process | None:
    try:
        process = psutil.Process(pid)
        same = abs(since_boot(process) - created) < 1 and process.cmdline() == list(argv)
    except (psutil.Error, ValueError):
        return None
    return process if same and alive(process) else None
