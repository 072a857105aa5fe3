"""`make preview`: what `make up` would change, checked against the policies, changing nothing.

Needs the stack's cluster to be there: a simulated one is started.
"""

from tools.stack.plan import preview
from tools.stack.recovery import recover
from tools.stack.session import Session, answered, open_session, say


def run(stack: str) -> int:
    """Print the preview and return the exit code: 1 where it fails or a mandatory policy is broken."""
    return answered(lambda: _preview(open_session(stack)))


def _preview(session: Session) -> int:
    if session.workspace.simulated:
        session.lab.start(say)
    if session.workspace.local:
        recover(session.engine, session.kubectl)
        session.engine.select()
    plan = preview(session.engine)
    plan.explain()
    return 1 if plan.code else 0
