"""`python -m tests.bench.up_tenants`: `up` on a new lab at 10, 50 and 200 tenants, beside the bare program's.

Tells the engine's own growth (the file backend writes the whole state at each step) from ours. Each `up` starts from an
empty state and an empty cluster. 200 tenants take minutes, so they are measured once.
"""

import argparse
from functools import partial
from pathlib import Path

from tests.bench.arena import arena
from tests.bench.bare import rows_of, write_program
from tests.bench.harness import REPEATS, Spread, interleaved, say, show, timed, workplace
from tests.bench.tenants import sections_with
from tools.environment import ROOT
from tools.toolchain import Toolchain

SIZES = (10, 50, 200)
# Above this, one round: what differs between rounds is small beside what is measured.
_OFTEN = 10


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.up_tenants", description=__doc__)
    parser.add_argument("--repeats", type=int, default=REPEATS, help="rounds at 10 tenants (default: %(default)s)")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="tenants (default: %(default)s)")
    options = parser.parse_args()
    table: list[list[str]] = []
    with workplace() as (folder, toolchain):
        for size in options.sizes:
            subjects = {name: _Subject(folder, toolchain, name, size) for name in ("platform", "bare")}
            repeats = options.repeats if size <= _OFTEN else 1
            measured = interleaved(subjects, repeats, warm=False)
            count = subjects["platform"].resources
            states = [f"{subject.mebibytes:.1f}" for subject in subjects.values()]
            table.append([str(size), str(count), *_cells(measured, count), " / ".join(states)])
            show(
                "`up` on a new lab",
                [
                    "tenants",
                    "resources",
                    "platform s",
                    "bare s",
                    "platform over bare",
                    "ms each",
                    "bare ms each",
                    "MiB of state",
                ],
                table,
            )


def _cells(measured: dict[str, Spread], count: int) -> list[str]:
    platform, bare = measured["platform"], measured["bare"]
    each = [f"{1000 * spread.median / count:.0f}" for spread in (platform, bare)]
    return [platform.text(1), bare.text(1), platform.over(bare).text(2), *each]


class _Subject:
    """One program at one size. Called, it brings itself up once and returns the seconds."""

    def __init__(self, folder: Path, toolchain: Toolchain, name: str, size: int) -> None:
        self._folder, self._toolchain, self._name, self._size = folder, toolchain, name, size
        self._rounds = 0
        self.resources = 0
        self.mebibytes = 0.0

    def __call__(self) -> float:
        self._rounds += 1
        folder = self._folder / f"{self._name}-{self._size}-{self._rounds}"
        stack = f"tenants-{self._size}"
        config = {f"gpu-platform:{section}": value for section, value in sections_with(self._size).items()}
        with arena(folder, self._toolchain, stack, config) as ready:
            say(f"{self._name} with {self._size} tenants ...")
            rows = rows_of(ready.place.spec, stack, ready.place.kubeconfig.read_text())
            program = ROOT if self._name == "platform" else write_program(folder / "bare", rows, {})
            seconds = timed(partial(ready.up, program))
            self.mebibytes = ready.place.state_file.stat().st_size / 2**20
            # The stack itself is a resource too.
            self.resources = len(ready.state())
            if self.resources != len(rows) + 1:
                raise SystemExit(f"{self._name}: {self.resources} resources in the state, {len(rows) + 1} expected")
        say(f"{self._name} with {self._size} tenants: {self.resources} resources in {seconds:.1f} s")
        return seconds


if __name__ == "__main__":
    main()
