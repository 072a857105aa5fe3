"""`make test`: every check, end to end on simulated clusters too."""

import sys

from tools.checks.fast import FAST
from tools.checks.steps import Step, run_steps
from tools.toolchain import ToolchainError, ensure

LAB = Step(name="end to end on the lab", command=("pytest", "-m", "lab", "--durations=15"))


def run() -> int:
    """Build what is missing, run every check, and return the exit code."""
    try:
        ensure(progress=sys.stderr)
    except ToolchainError as error:
        print(error, file=sys.stderr)
        return 1
    return run_steps((*FAST, LAB))
