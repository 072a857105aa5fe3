"""One line for each tool that is built: ticking in place on a terminal, two plain lines elsewhere.

Owns how a build is seen. Does not own its result: a failure is an exception, printed by whoever asked.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TextIO

_CLEAR = "\r\x1b[K"


def span(seconds: float) -> str:
    """Write a duration as `3m14s`."""
    whole = round(seconds)
    return f"{whole // 60}m{whole % 60:02d}s" if whole >= 60 else f"{whole}s"


@dataclass(kw_only=True)
class Line:
    """The line of one tool."""

    out: TextIO
    title: str
    prefix: str = ""
    """The place in a row of several."""
    _began: float = field(default_factory=time.monotonic)
    _doing: str = ""

    def doing(self, what: str) -> None:
        """Say what is under way; on a terminal call it again and again, so that the seconds tick."""
        changed, self._doing = what != self._doing, what
        if self.out.isatty():
            self._write(f"{_CLEAR}{self.prefix}{what} {self.title} ... {span(self._elapsed())}")
        elif changed:
            self._write(f"{self.prefix}{what} {self.title} ...\n")

    def done(self, what: str) -> None:
        """End the line."""
        self._end(f"{self.prefix}{what} {self.title} in {span(self._elapsed())}\n")

    def failed(self) -> None:
        """End the line; the error itself follows from elsewhere."""
        self._end(f"{self.prefix}failed {self.title} after {span(self._elapsed())}\n")

    def _elapsed(self) -> float:
        return time.monotonic() - self._began

    def _end(self, text: str) -> None:
        self._write(f"{_CLEAR}{text}" if self.out.isatty() else text)

    def _write(self, text: str) -> None:
        self.out.write(text)
        self.out.flush()
