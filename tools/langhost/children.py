"""The processes that the host has started, and their ends.

Owns starting them behind the guard, keeping the list, and ending all of them. Not what they run (`runtime`).
"""

import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

_GUARD = Path(__file__).with_name("guard.py")


class Children:
    """Every child that is still to be waited for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._alive: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    def start(
        self, python: str, arguments: Sequence[str], *, cwd: str, env: Mapping[str, str], piped: bool
    ) -> subprocess.Popen[bytes]:
        """Start `python ARGUMENTS...`. Not piped, its output is the host's own, which the engine shows as it comes."""
        output = subprocess.PIPE if piped else None
        command = [python, "-u", str(_GUARD), str(os.getpid()), *arguments]
        with self._lock:
            if self._closed:
                raise InterruptedError("the language host is ending")
            child = subprocess.Popen(
                command, cwd=cwd or None, env=dict(env), stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
            self._alive.add(child)
        return child

    def wait(self, child: subprocess.Popen[bytes]) -> int:
        """Its exit status, negative for a signal."""
        status = child.wait()
        with self._lock:
            self._alive.discard(child)
        return status

    def end(self) -> None:
        """Kill them all, and start no more."""
        with self._lock:
            self._closed = True
            for child in self._alive:
                child.kill()
