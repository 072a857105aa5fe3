"""Running checks one after another, each with its time.

Owns how they are run and told of. Does not own which there are (`fast`, `all`).
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tools.environment import PYTHON, ROOT
from tools.toolchain import ToolchainError, ensure


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One check: a module of the environment's Python and its arguments."""

    name: str
    command: Sequence[str]


def run_steps(steps: Sequence[Step]) -> int:
    """Run every step, even after one that failed, and return 1 where any did."""
    times: list[tuple[str, float, bool]] = []
    for step in steps:
        print(f"== {step.name}", flush=True)
        started = time.monotonic()
        code = subprocess.run([PYTHON, "-m", *step.command], cwd=ROOT, check=False).returncode
        times.append((step.name, time.monotonic() - started, code == 0))
    print("== where the time went")
    for name, seconds, good in times:
        print(f"{name:<28}{seconds:7.1f} s   {'passed' if good else 'FAILED'}")
    sys.stdout.flush()
    return 0 if all(good for _, _, good in times) else 1


def run_with_tools(steps: Sequence[Step]) -> int:
    """Build the tools that are missing, then run every step; return 1 where a tool can't be built."""
    try:
        ensure(progress=sys.stderr)
    except ToolchainError as error:
        print(error, file=sys.stderr)
        return 1
    return run_steps(steps)
