"""`make test`: every check, end to end on simulated clusters too."""

from tools.checks.fast import FAST
from tools.checks.steps import Step, run_with_tools

LAB = Step(name="end to end on the lab", command=("pytest", "-m", "lab", "--durations=15"))


def run() -> int:
    """Build what is missing, run every check, and return the exit code."""
    return run_with_tools((*FAST, LAB))
