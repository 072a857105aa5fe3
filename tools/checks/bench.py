"""`make bench`: every benchmark, each in a process of its own.

A benchmark fails only if it can't measure, never by time: each prints whether its targets were met. One alone is
`python -m tests.bench.NAME`.
"""

from tools.checks.steps import Step, run_with_tools

BENCHMARKS = (
    Step(name="preview of `local`", command=("tests.bench.preview",)),
    Step(name="mock engine by tenants", command=("tests.bench.mock_tenants",)),
    Step(name="commands, start of the lab", command=("tests.bench.commands",)),
    Step(name="1,000 simulated nodes", command=("tests.bench.lab_nodes", "1000")),
    Step(name="up by tenants", command=("tests.bench.up_tenants",)),
)


def run() -> int:
    """Build what is missing, run every benchmark, and return the exit code."""
    return run_with_tools(BENCHMARKS)
