"""kubectl for one stack's cluster. Owns the call; not what is asked."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from tools.stack.errors import StackError

# A cluster that does not answer is told of, not waited for.
_TIMEOUT = "--request-timeout=15s"

Kubectl = Callable[..., str]


def kubectl_for(binary: Path, kubeconfig: Path, context: str | None) -> Kubectl:
    """Return a function that runs kubectl on the cluster and returns what it printed. Raises CalledProcessError."""
    chosen = ["--context", context] if context else []

    def run(*arguments: str) -> str:
        command = [str(binary), "--kubeconfig", str(kubeconfig), *chosen, _TIMEOUT, *arguments]
        # Never the terminal's input: kubectl asks there for a user where a kubeconfig names none.
        return subprocess.run(command, input="", check=True, capture_output=True, text=True).stdout

    return run


def require_answer(kubectl: Kubectl, kubeconfig: Path) -> None:
    """Raise StackError where the cluster does not answer: an update would say so once for each object."""
    try:
        kubectl("version", "-o", "json")
    except subprocess.CalledProcessError as error:
        said = str(error.stderr).strip().splitlines() or ["no reason given"]
        raise StackError(f"the cluster of {kubeconfig} does not answer: {said[-1]}; nothing was changed") from None
