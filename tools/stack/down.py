"""`make down`: everything of a stack goes, and nothing is left behind.

Owns the order: objects, then the state, then the simulated cluster with its files. A stack that is not up is not an
error.
"""

import shutil
import time

from components.spec import load_stack
from tools.environment import ROOT
from tools.lab import Lab
from tools.stack.recovery import end_leftovers, recover
from tools.stack.session import answered, open_session, say
from tools.stack.workspace import Workspace


def run(stack: str) -> int:
    """Take the stack down and return the exit code."""
    return answered(lambda: _down(stack))


def _down(stack: str) -> int:
    started = time.monotonic()
    workspace = Workspace(stack=stack, spec=load_stack(ROOT, stack))
    if workspace.local and not workspace.folder.exists():
        say(f"stack {stack} is not up")
        return 0
    session = open_session(stack)
    if workspace.simulated:
        # The objects lie in this cluster alone, and both go together; there is nothing to take off it one by one.
        end_leftovers(session.engine)
        Lab(workspace.cluster, None).reset(say)
        shutil.rmtree(workspace.folder)
    else:
        if workspace.local:
            recover(session.engine, session.kubectl)
            session.engine.select()
        code = session.engine.work("destroy", "--yes", "--skip-preview", "--suppress-outputs")
        if code:
            say("not everything could be destroyed; `make down` goes on from here")
            return 1
        if workspace.local:
            shutil.rmtree(workspace.folder)
    say(f"down in {time.monotonic() - started:.1f} s: nothing of stack {stack} is left")
    return 0
