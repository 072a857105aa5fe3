"""What can go wrong with a lab, in words for the person at the terminal.

Owns the one exception that callers catch. It does not own how the command line prints it.
"""

from __future__ import annotations

from pathlib import Path

TAIL = 20
# A controller that logs its whole configuration on one line should not bury what it says after that.
WIDTH = 500


class LabError(Exception):
    """A lab could not do what was asked. The message needs no traceback; `component` names who failed, if one did."""

    def __init__(self, message: str, *, component: str | None = None, log: Path | None = None) -> None:
        self.component = component
        self.log = log
        if log is not None:
            end = [f"  | {line}" for line in tail(log)] or ["  | (it wrote nothing)"]
            message = "\n".join([message, f"The end of its log, {log}:", *end])
        super().__init__(message)


def tail(log: Path) -> list[str]:
    """Return the last lines of a log; an absent or unreadable one has none."""
    try:
        with log.open("rb") as stream:
            stream.seek(0, 2)
            stream.seek(max(0, stream.tell() - 256 * 1024))
            lines = stream.read().decode(errors="replace").splitlines()[-TAIL:]
    except OSError:
        return []
    return [line if len(line) <= WIDTH else f"{line[:WIDTH]} ..." for line in lines]
