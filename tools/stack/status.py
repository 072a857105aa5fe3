"""`make status`: what runs, without touching it."""

import sys

from components.spec import load_stack
from tools.environment import ROOT
from tools.lab import Lab
from tools.stack.facts import gather
from tools.stack.session import answered, open_session, say
from tools.stack.summary import show
from tools.stack.workspace import Workspace


def run(stack: str) -> int:
    """Print the stack's summary and return the exit code: 1 where its cluster is not up."""
    return answered(lambda: _status(stack))


def _status(stack: str) -> int:
    workspace = Workspace(stack=stack, spec=load_stack(ROOT, stack))
    if workspace.simulated:
        components = Lab(workspace.cluster, None).status()
        down = [component.name for component in components if component.state != "running"]
        if down:
            print(f"the simulated cluster is not up ({', '.join(down)}): `make up` starts it", file=sys.stderr)
            return 1
        memory = sum(component.rss_mib for component in components)
        say(f"simulated cluster: {len(components)} processes, {memory} MiB")
    session = open_session(stack)
    facts = gather(session.kubectl, stack, session.workspace.spec)
    show(facts, session.workspace, session.toolchain.binary("kubectl"))
    return 0
