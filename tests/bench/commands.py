"""`python -m tests.bench.commands`: `make up` again without a change, beside a bare `pulumi preview` of the same stack.

And how long the simulated cluster takes to start: a new one, one that was stopped, and one that runs. In a copy of the
checkout, so that nobody's stack is touched.
"""

from functools import partial
from pathlib import Path

from tests.bench.arena import Arena, Place
from tests.bench.harness import Spread, interleaved, repeats_of, show, timed, workplace
from tests.lab.checkout import Checkout, copy_checkout
from tests.platform import committed
from tools.lab import Lab
from tools.toolchain import Toolchain

_STACK = "local"


def main() -> None:
    repeats = repeats_of("commands", __doc__)
    with workplace() as (folder, toolchain):
        again = _up_again(folder / "checkout", toolchain, repeats)
        starts = _lab_starts(folder / "lab", toolchain, repeats)
    over = again["make up again"].over(again["pulumi preview"])
    show(
        "a stack that is up, without a change",
        ["command", "seconds", "over pulumi preview"],
        [
            ["make up again", again["make up again"].text(), over.text()],
            ["pulumi preview, no policies", again["pulumi preview"].text(), "1"],
        ],
    )
    show(
        "start of the simulated cluster", ["cluster", "seconds"], [[name, each.text()] for name, each in starts.items()]
    )


def _up_again(root: Path, toolchain: Toolchain, repeats: int) -> dict[str, Spread]:
    root.mkdir()
    checkout = copy_checkout(root)
    try:
        checkout.up(_STACK)
        place = Place(
            stack=_STACK,
            spec=committed(_STACK),
            at=root / ".lab" / _STACK,
            file=root / "stacks" / f"Pulumi.{_STACK}.yaml",
        )
        ready = Arena(place, toolchain)
        subjects = {
            "make up again": partial(timed, partial(_up, checkout)),
            "pulumi preview": partial(timed, partial(ready.pulumi, root, "preview", "--expect-no-changes")),
        }
        return interleaved(subjects, repeats)
    finally:
        checkout.run("down", _STACK)


def _up(checkout: Checkout) -> None:
    said = checkout.up(_STACK)
    if "no changes" not in said:
        raise SystemExit(f"`make up` again was expected to change nothing:\n{said}")


def _lab_starts(folder: Path, toolchain: Toolchain, repeats: int) -> dict[str, Spread]:
    lab = Lab(folder, toolchain)

    def new() -> float:
        lab.reset()
        return timed(lab.start)

    def stopped() -> float:
        lab.stop()
        return timed(lab.start)

    try:
        return interleaved({"new": new, "stopped": stopped, "running": lambda: timed(lab.start)}, repeats, warm=False)
    finally:
        lab.reset()


if __name__ == "__main__":
    main()
