"""What every benchmark needs: runs that take turns, medians with their spread, and a verdict in plain words.

Owns measuring and telling. A benchmark never fails by time: numbers depend on the machine, and are read by people.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from tools.toolchain import Toolchain, ensure

REPEATS = 5


@dataclass(frozen=True, slots=True)
class Spread:
    """Repeated measurements of one thing."""

    values: Sequence[float]

    @property
    def median(self) -> float:
        return median(self.values)

    def text(self, digits: int = 2) -> str:
        """Return the median, and the smallest and largest where there are several."""
        spread = f" ({min(self.values):.{digits}f}-{max(self.values):.{digits}f})" if len(self.values) > 1 else ""
        return f"{self.median:.{digits}f}{spread}"

    def over(self, other: "Spread") -> "Spread":
        """Return the ratios within each round: what slows a whole round down falls out of them."""
        return Spread([mine / its for mine, its in zip(self.values, other.values, strict=True)])


def timed(action: Callable[[], object]) -> float:
    """Return how many seconds it takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def interleaved(subjects: Mapping[str, Callable[[], float]], repeats: int, *, warm: bool = True) -> dict[str, Spread]:
    """Measure each in turn, A B A B, after one round that is not counted."""
    measured: dict[str, list[float]] = {name: [] for name in subjects}
    for number in range(0 if warm else 1, repeats + 1):
        taken = {name: subject() for name, subject in subjects.items()}
        say(f"round {number or 'to warm up'}: " + ", ".join(f"{name} {value:.2f}" for name, value in taken.items()))
        if number:
            for name, value in taken.items():
                measured[name].append(value)
    return {name: Spread(values) for name, values in measured.items()}


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table, with the load that the machine had meanwhile."""
    loads = " ".join(f"{load:.1f}" for load in os.getloadavg())
    table = Table(*head, title=title, caption=f"{os.cpu_count()} cores, load average {loads}")
    for row in rows:
        table.add_row(*row)
    # A pipe has no width: nothing is folded there.
    Console(width=None if sys.stdout.isatty() else 120).print(table)


def verdict(what: str, value: float, limit: float) -> None:
    """Say plainly whether a target was met."""
    print(f"TARGET {'met' if value <= limit else 'MISSED'}: {what}: {value:.3f}, at most {limit:.2f}", flush=True)


def say(line: str) -> None:
    """Show progress: on standard error, so that what is printed can be piped."""
    print(line, file=sys.stderr, flush=True)


def repeats_of(name: str, text: str | None) -> int:
    """Read a benchmark's command line."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.bench.{name}", description=text)
    parser.add_argument("--repeats", type=int, default=REPEATS, help="measured rounds (default: %(default)s)")
    return int(parser.parse_args().repeats)


@contextmanager
def workplace() -> Generator[tuple[Path, Toolchain], None, None]:
    """Build what is missing, and give a folder that goes away afterwards, also when the benchmark is ended."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    toolchain = ensure(progress=sys.stderr)
    with TemporaryDirectory(prefix="gpu-platform-bench-") as folder:
        yield Path(folder), toolchain
