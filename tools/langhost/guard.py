"""What runs inside each program or plugin that the host starts, before their own first line.

Owns two things that only the process itself can do: ending when the host has gone without a word, and dying of an
interrupt in silence instead of printing a traceback. Runs in the *program's* interpreter, so: standard library alone.

    python -u guard.py HOST_PID (SCRIPT | -m MODULE) [ARGUMENT...]
"""

import os
import runpy
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

# A quarter of the second within which nothing may be left, and too seldom to be seen in a profile.
_INTERVAL = 0.25


def when_parent_ends(parent: int, act: Callable[[], object]) -> None:
    """Call `act` from a thread as soon as this process is no longer `parent`'s child."""

    # Not PR_SET_PDEATHSIG: it follows the parent's *thread*, and both Go's and gRPC's threads come and go.
    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_INTERVAL)
        act()

    threading.Thread(target=watch, name="parent watch", daemon=True).start()


def end_group(leader: int) -> NoReturn:
    """End everything at once: this process, those beside it, and what they have started themselves.

    The engine makes the host `leader` of a process group of its own, in which its programs and plugins are too. Where
    that is not so, the group is someone else's, and only this process may go.
    """
    if os.getpgrp() == leader:
        os.killpg(leader, signal.SIGKILL)
    os._exit(1)


def main(arguments: list[str]) -> None:
    """Run what `arguments` say as Python itself would have."""
    host, rest = int(arguments[0]), arguments[1:]
    when_parent_ends(host, lambda: end_group(host))
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # The host waits for its signals with them blocked, which a child inherits.
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    if rest[0] == "-m":
        sys.argv = rest[1:]
        sys.path[0] = str(Path.cwd())
        runpy.run_module(rest[1], run_name="__main__", alter_sys=True)
        return
    sys.argv = rest
    # A folder with a __main__.py puts itself in front; nothing of this folder may be importable from a program.
    del sys.path[0]
    if Path(rest[0]).is_file():
        sys.path.insert(0, str(Path(rest[0]).resolve().parent))
    runpy.run_path(rest[0], run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
