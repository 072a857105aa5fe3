"""Start the language host as the engine does: `python tools/langhost [FLAGS] ENGINE_ADDRESS`.

Owns the process: where its modules are found, the port on its first line of output, and the ways it ends.
"""

import os
import signal
import sys
from pathlib import Path

# The engine starts this file by its path, from whatever folder the project lies in.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.langhost.children import Children
from tools.langhost.guard import end_group, when_parent_ends
from tools.langhost.runtime import Runtime

_ENDINGS = {signal.SIGINT, signal.SIGTERM}


def main() -> None:
    """Serve until the engine asks for the end, or has ended itself."""
    # Blocked before the first thread starts, so that every thread leaves them to the wait below.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
    host = os.getpid()
    when_parent_ends(os.getppid(), lambda: end_group(host))
    children = Children()
    handlers = Runtime(sys.argv[-1], children).handlers()
    port = handlers.serve()
    try:
        print(port, flush=True)
    except BrokenPipeError:
        # The engine ended before it could be watched.
        end_group(host)
    signal.sigwait(_ENDINGS)
    children.end()
    if os.getpgrp() == host:
        # What a program has started itself may hold the engine's pipes open, and the engine waits for those to close.
        os.killpg(host, signal.SIGTERM)
    # Nothing is left to be written, and tearing gRPC down takes longer than the engine should have to wait.
    os._exit(0)


main()
