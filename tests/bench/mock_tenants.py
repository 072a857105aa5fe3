"""`python -m tests.bench.mock_tenants`: time per resource under the mock engine, at 10, 100 and 1,000 tenants.

What one more resource costs must not grow with how many there are. The bare program under the same mocks tells the
SDK's own growth from ours. Each measurement is a process of its own. Processor time is counted, for nothing is waited
for; imports are not.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from components.platform import Platform, PlatformArgs
from components.spec.load import load
from tests.bench.bare import rows_of
from tests.bench.bare_program import register
from tests.bench.harness import Spread, interleaved, repeats_of, say, show, verdict, workplace
from tests.bench.tenants import sections_with
from tools.environment import ROOT
from tools.recorder import record

SIZES = (10, 100, 1000)
LIMIT = 1.15
_STACK = "tenants"


def main() -> None:
    if sys.argv[1:2] == ["--once"]:
        print(_platform(int(sys.argv[3])) if sys.argv[2] == "platform" else _bare(Path(sys.argv[3])))
        return
    repeats = repeats_of("mock_tenants", __doc__)
    with workplace() as (folder, _):
        rows = {size: rows_of(load(sections_with(size), _place), _STACK, "") for size in SIZES}
        subjects: dict[str, Callable[[], float]] = {}
        for size in SIZES:
            file = folder / f"{size}.json"
            file.write_text(json.dumps(rows[size]))
            subjects[f"platform {size}"] = partial(_in_a_process, "platform", str(size))
            subjects[f"bare {size}"] = partial(_in_a_process, "bare", str(file))
        measured = interleaved(subjects, repeats, warm=False)
    counts = {size: len(rows[size]) for size in SIZES}
    growth = {name: _growth(measured, name, counts) for name in ("platform", "bare")}
    sizes = [f"{size} tenants, {counts[size]} resources: s" for size in SIZES]
    show(
        "the mock engine: s at each size, and ms for one more resource",
        ["program", *sizes, "10 to 100", "100 to 1000", "growth"],
        [
            [
                name,
                *(measured[f"{name} {size}"].text() for size in SIZES),
                *(each.text(3) for each in growth[name]),
                growth[name][1].over(growth[name][0]).text(3),
            ]
            for name in ("platform", "bare")
        ],
    )
    first, second = growth["platform"]
    verdict("ms per resource from 100 to 1,000 tenants over that from 10 to 100", second.over(first).median, LIMIT)


def _growth(measured: dict[str, Spread], name: str, counts: dict[int, int]) -> tuple[Spread, Spread]:
    """Return the milliseconds that one more resource takes, in the lower and in the upper range, round by round."""
    small, middle, large = (measured[f"{name} {size}"].values for size in SIZES)
    lower, upper = counts[100] - counts[10], counts[1000] - counts[100]
    return (
        Spread([1000 * (b - a) / lower for a, b in zip(small, middle, strict=True)]),
        Spread([1000 * (b - a) / upper for a, b in zip(middle, large, strict=True)]),
    )


def _in_a_process(which: str, what: str) -> float:
    command = [sys.executable, "-m", "tests.bench.mock_tenants", "--once", which, what]
    seconds = float(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout)
    say(f"{which} {Path(what).stem}: {seconds:.2f} s")
    return seconds


def _platform(tenants: int) -> float:
    """Time the whole program: from a stack file's data to the last registration."""
    raw = sections_with(tenants)
    started = time.process_time()
    spec = load(raw, _place)
    record(lambda: Platform("platform", PlatformArgs(stack=_STACK, spec=spec, kubeconfig="")), stack=_STACK)
    return time.process_time() - started


def _bare(file: Path) -> float:
    rows = json.loads(file.read_text())
    started = time.process_time()
    record(lambda: register(rows), stack=_STACK)
    return time.process_time() - started


def _place(_: object) -> str:
    return "tenants"


if __name__ == "__main__":
    main()
