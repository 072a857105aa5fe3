"""`python -m tests.bench.preview`: how long a preview of the stack `local` takes, beside a bare program's.

The stack is up, and no preview may find a change. The bare programs register the same resources from a list: one with
the SDK's classes, as anyone would write it, which the target is for; and one without them, which shows what the SDK
costs.
"""

from functools import partial
from pathlib import Path

import yaml

from tests.bench.arena import Arena, arena
from tests.bench.bare import rows_of, write_program
from tests.bench.harness import interleaved, repeats_of, show, timed, verdict, workplace
from tools.environment import ROOT
from tools.stack.plan import POLICIES

LIMIT = 1.10
_TYPED = "bare with the SDK's classes"


def main() -> None:
    repeats = repeats_of("preview", __doc__)
    config = yaml.safe_load((ROOT / "stacks" / "Pulumi.local.yaml").read_text())["config"]
    with workplace() as (folder, toolchain), arena(folder / "local", toolchain, "local", config) as ready:
        ready.up(ROOT)
        rows = rows_of(ready.place.spec, "local", ready.place.kubeconfig.read_text())
        [stack] = [each for each in ready.state() if each["type"] == "pulumi:pulumi:Stack"]
        bare = write_program(folder / "bare", rows, stack["outputs"])
        typed = write_program(folder / "typed", rows, stack["outputs"], typed=True)
        measured = interleaved(
            {
                "platform": partial(_preview, ready, ROOT),
                "bare": partial(_preview, ready, bare),
                _TYPED: partial(_preview, ready, typed),
                "platform, policies": partial(_preview, ready, ROOT, *POLICIES),
            },
            repeats,
        )
    ratios = {name: spread.over(measured["bare"]) for name, spread in measured.items()}
    typed_ratios = {name: spread.over(measured[_TYPED]) for name, spread in measured.items()}
    show(
        f"preview of {len(rows)} resources without a change",
        ["program", "seconds", "over bare", f"over {_TYPED}"],
        [[name, spread.text(), ratios[name].text(), typed_ratios[name].text()] for name, spread in measured.items()],
    )
    verdict("preview of `local` over the bare program's, both with the SDK", typed_ratios["platform"].median, LIMIT)


def _preview(ready: Arena, program: Path, *policies: str) -> float:
    return timed(lambda: ready.pulumi(program, "preview", "--expect-no-changes", *policies))


if __name__ == "__main__":
    main()
