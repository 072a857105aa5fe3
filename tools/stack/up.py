"""`make up`: from a stack file to a running platform, and again without a change.

Owns the steps: simulated cluster, what an earlier run left, preview with policies, update, summary.
"""

import time
from subprocess import CalledProcessError

from tools.stack.facts import gather, settled
from tools.stack.kubernetes import require_answer
from tools.stack.plan import POLICIES, preview
from tools.stack.recovery import recover
from tools.stack.session import Session, answered, open_session, say
from tools.stack.summary import show

# A job that its queue admits is running by then; one that is held has its reason.
_SETTLING_SECONDS = 10


def run(stack: str) -> int:
    """Bring the stack up and return the exit code."""
    return answered(lambda: _up(open_session(stack)))


def _up(session: Session) -> int:
    started = time.monotonic()
    workspace, engine = session.workspace, session.engine
    if workspace.simulated:
        session.lab.start(say)
    else:
        require_answer(session.kubectl, workspace.kubeconfig)
    if workspace.local:
        recover(engine, session.kubectl)
        engine.select()
    plan = preview(engine)
    if plan.code:
        plan.explain()
        say("the preview failed; nothing was changed")
        return 1
    if plan.empty:
        say(f"stack {workspace.stack}: no changes, every policy holds")
    else:
        counted = ", ".join(f"{count} to {kind}" for kind, count in plan.changes.items())
        say(f"stack {workspace.stack}: {counted or 'outputs change'}; every policy holds")
        code = engine.work("up", "--yes", "--skip-preview", "--suppress-outputs", *POLICIES)
        if code:
            _say_what_waits(session)
            say("the update failed; `make up` goes on from here")
            return 1
    facts = settled(lambda: gather(session.kubectl, workspace.stack, workspace.spec), seconds=_SETTLING_SECONDS)
    show(facts, workspace, session.toolchain.binary("kubectl"))
    say(f"up in {time.monotonic() - started:.1f} s")
    return 0


def _say_what_waits(session: Session) -> None:
    """Name the workloads that are not as they should be: the engine says that it waited, not what a Pod waits for."""
    try:
        facts = gather(session.kubectl, session.workspace.stack, session.workspace.spec)
    except CalledProcessError:
        # The cluster itself may be why the update failed, and the engine has said so.
        return
    for work in facts.work:
        if not work.good:
            say(f"{work.kind} {work.namespace}/{work.name}: {work.state}")
