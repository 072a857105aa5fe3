"""`make check`: what needs no cluster."""

from tools.checks.steps import Step, run_steps

FAST = (
    Step(name="format", command=("ruff", "format", "--check", "--quiet", ".")),
    Step(name="lint", command=("ruff", "check", "--quiet", ".")),
    Step(name="types", command=("basedpyright", "--level", "error")),
    Step(
        name="unit, contract, policies",
        command=("pytest", "--quiet", "-m", "not lab", "--disable-socket", "--allow-unix-socket"),
    ),
)


def run() -> int:
    """Run the fast checks and return the exit code."""
    return run_steps(FAST)
