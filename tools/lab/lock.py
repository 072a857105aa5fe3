"""One start, stop or reset of a lab at a time.

Owns the lab's folder coming into being and the lock in it. The kernel drops the lock when its holder ends, however it
ends. Does not own what is done under the lock.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Generator
from pathlib import Path

from tools.lab.errors import LabError

PATIENCE = 300


@contextlib.contextmanager
def locked(folder: Path, progress: Callable[[str], None]) -> Generator[None]:
    """Hold the folder's lock, waiting for whoever holds it."""
    descriptor = _acquire(folder, progress)
    try:
        yield
    finally:
        os.close(descriptor)


def _acquire(folder: Path, progress: Callable[[str], None]) -> int:
    path = folder / "lock"
    deadline = time.monotonic() + PATIENCE
    told = False
    while True:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
        else:
            if _is_still(path, descriptor):
                return descriptor
            # Its holder was a reset, which has removed it with the folder.
            os.close(descriptor)
        if time.monotonic() > deadline:
            raise LabError(f"Another start, stop or reset has been working on {folder} for {PATIENCE} s.")
        if not told:
            progress("another start, stop or reset works on this lab, waiting for it")
            told = True
        time.sleep(0.1)


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False
