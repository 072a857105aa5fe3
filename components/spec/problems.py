"""What is wrong with a stack file, in the words its author needs.

Owns one problem's text and the error that carries all of them. Does not own finding them (``load``, ``checks``).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

Path = tuple[str | int, ...]
# Tells where a path stands, as `file:line`.
Place = Callable[[Path], str]

# Longer values are cut: a message is read on one line, and a pasted key must not be printed whole.
_LONGEST_VALUE = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One mistake: where it is, what stands there, what may stand there, and the nearest permitted word."""

    place: str
    path: Path
    message: str
    permitted: str = ""
    near: str | None = None

    def __str__(self) -> str:
        """Render on one line: ``file:line: path: message; permitted: ...; did you mean 'x'?``."""
        text = f"{self.place}: {dotted(self.path)}: {self.message}"
        if self.permitted:
            text += f"; permitted: {self.permitted}"
        if self.near:
            text += f"; did you mean '{self.near}'?"
        return text


class SpecError(Exception):
    """A stack file that can't be used. Carries every problem found, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def dotted(path: Path) -> str:
    """Spell a path as its author would say it: ``pools.h100.nodes.max``."""
    return ".".join(str(step) for step in path) or "(the whole file)"


def near_match(word: object, permitted: Iterable[str]) -> str | None:
    """Return the permitted word that ``word`` was probably meant to be, if one is close."""
    matches = get_close_matches(str(word), list(permitted), n=1, cutoff=0.5)
    return matches[0] if matches else None


def shown(value: object) -> str:
    """Show a value in a message. Collections are named, not printed: an encrypted value is a collection."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}..."


def unknown_value(path: Path, given: object, permitted: Sequence[str], place: Place) -> Problem:
    """Say that a value is none of those permitted."""
    return Problem(
        place=place(path),
        path=path,
        message=f"{shown(given)} is not known",
        permitted=", ".join(permitted),
        near=near_match(given, permitted),
    )
