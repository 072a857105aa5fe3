"""One command on one stack: what it needs, in the order in which it can fail without touching anything.

Owns that order (stack file, tools, workspace) and how an error is said. Does not own what the command does.
"""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from components.spec import ExistingCluster, SpecError, load_stack
from tools.environment import ROOT
from tools.lab import Lab, LabError
from tools.stack.engine import Engine
from tools.stack.errors import StackError
from tools.stack.kubernetes import Kubectl, kubectl_for
from tools.stack.workspace import Workspace
from tools.toolchain import Toolchain, ToolchainError, ensure


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """What a command works with."""

    workspace: Workspace
    toolchain: Toolchain
    engine: Engine
    lab: Lab

    @property
    def kubectl(self) -> Kubectl:
        """kubectl on the stack's cluster."""
        cluster = self.workspace.spec.cluster
        context = cluster.context if isinstance(cluster, ExistingCluster) else None
        return kubectl_for(self.toolchain.binary("kubectl"), self.workspace.kubeconfig, context)


def say(line: str) -> None:
    """Show progress: on standard error, so that what a command prints can be piped.

    One write a line: the lab's components are started side by side, and `print` writes the line's end by itself.
    """
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def open_session(stack: str) -> Session:
    """Validate the stack file, then build what is missing. Raises SpecError, ToolchainError, StackError."""
    workspace = Workspace(stack=stack, spec=load_stack(ROOT, stack))
    toolchain = ensure(progress=sys.stderr)
    workspace.prepare()
    return Session(
        workspace=workspace,
        toolchain=toolchain,
        engine=Engine(workspace, toolchain),
        lab=Lab(workspace.cluster, toolchain),
    )


def answered(command: Callable[[], int]) -> int:
    """Run a command; say what its user can mend, without a traceback. Returns the exit code."""
    try:
        return command()
    except SpecError as error:
        count = len(error.problems)
        print(f"{error}\n\n{count} {'mistake' if count == 1 else 'mistakes'}; nothing was touched", file=sys.stderr)
    except (ToolchainError, LabError, StackError) as error:
        print(error, file=sys.stderr)
    except subprocess.CalledProcessError as error:
        print(f"{error}\n{error.stderr or error.stdout or ''}".rstrip(), file=sys.stderr)
    return 1
