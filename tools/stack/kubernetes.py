"""kubectl for one stack's cluster. Owns the call; not what is asked."""

import subprocess
from collections.abc import Callable
from pathlib import Path

# A cluster that does not answer is told of, not waited for.
_TIMEOUT = "--request-timeout=15s"

Kubectl = Callable[..., str]


def kubectl_for(binary: Path, kubeconfig: Path, context: str | None) -> Kubectl:
    """Return a function that runs kubectl on the cluster and returns what it printed. Raises CalledProcessError."""
    chosen = ["--context", context] if context else []

    def run(*arguments: str, text: str | None = None) -> str:
        command = [str(binary), "--kubeconfig", str(kubeconfig), *chosen, _TIMEOUT, *arguments]
        return subprocess.run(command, input=text, check=True, capture_output=True, text=True).stdout

    return run
