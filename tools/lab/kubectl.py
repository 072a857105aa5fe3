"""kubectl, for those who work with a lab.

Owns how it is called and how its failure is told. It does not own what the lab itself asks of the API server
(`requests`).
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from tools.lab.errors import LabError
from tools.lab.layout import Layout
from tools.lab.records import Tools


def kubectl(layout: Layout, tools: Tools, arguments: Sequence[str], text: str | None = None) -> str:
    """Run kubectl as the lab's administrator; a failure is an error with what kubectl said."""
    # The cache of discovery would otherwise lie in the home folder and outlive the lab.
    options = [f"--kubeconfig={layout.kubeconfig}", f"--cache-dir={layout.folder / 'cache'}"]
    argv = [str(tools.binary("kubectl")), *options, *arguments]
    done = subprocess.run(argv, input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LabError(f"kubectl {' '.join(arguments)} failed: {done.stderr.strip()}", component="kubectl")
    return done.stdout
