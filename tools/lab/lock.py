"""One start, stop or reset of a lab at a time.

Owns the lab's folder coming into being and going, and the lock in it, whose file also marks a folder as a lab's. The
kernel drops the lock when its holder ends, however it ends. Does not own what is done under the lock.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Callable, Generator
from pathlib import Path

from tools.lab.errors import LabError

PATIENCE = 300
LOCK = "lock"


@contextlib.contextmanager
def locked(folder: Path, progress: Callable[[str], None]) -> Generator[None]:
    """Hold the folder's lock, waiting for whoever holds it."""
    descriptor = _acquire(folder, progress)
    try:
        yield
    finally:
        os.close(descriptor)


def remove(folder: Path) -> None:
    """Remove the folder whose lock is held; the lock goes last, so that a reset that is killed can be repeated."""
    for path in folder.iterdir():
        if path.name == LOCK:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    (folder / LOCK).unlink()
    # Somebody who has waited for the lock may begin a new lab at this moment.
    with contextlib.suppress(OSError):
        folder.rmdir()


def _check(folder: Path) -> None:
    """Refuse a folder of something else: it would get another mode, and a reset would empty it."""
    if (folder / LOCK).exists() or not folder.exists():
        return
    if not folder.is_dir() or any(folder.iterdir()):
        raise LabError(f"{folder} is not a lab's folder, and not empty. Name an empty or a new one.")


def _acquire(folder: Path, progress: Callable[[str], None]) -> int:
    _check(folder)
    path = folder / LOCK
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
