"""Stack files and project defaults as plain data that still knows where each value stands.

Owns YAML, places (file and line) and the merge of shared defaults. Does not own what the values mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import cast

import yaml

from components.spec.problems import Path, Problem, SpecError

Tree = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Source:
    """One YAML file: its data, and the line (from 1) on which each path begins."""

    name: str
    data: Tree = field(default_factory=dict[str, object])
    lines: Mapping[Path, int] = field(default_factory=dict[Path, int])

    def place(self, path: Path) -> str:
        """Return ``file:line`` of the path, or of the nearest thing around it that the file has."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return f"{self.name}:{self.lines[path[:length]]}"
        return self.name

    def has(self, path: Path) -> bool:
        """Whether the file itself says something at the path."""
        return path in self.lines


def read(file: FilePath, name: str) -> Source:
    """Read a YAML file that is to be called ``name`` in messages.

    Raises SpecError where it is missing, is not YAML, is not a mapping, or states a key twice (YAML readers keep the
    last one silently).
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError([Problem(place=name, path=(), message=f"can't be read: {_reason(error)}")]) from None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data: object = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{name}:{mark.line + 1}" if mark else name
        reason = getattr(error, "problem", None) or "it can't be parsed"
        raise SpecError([Problem(place=place, path=(), message=f"is not YAML: {reason}")]) from None
    if data is None:
        return Source(name)
    if not isinstance(data, dict) or node is None:
        raise SpecError([Problem(place=name, path=(), message="must be a mapping")])
    lines: dict[Path, int] = {}
    repeated: list[Problem] = []
    _index(node, (), name, lines, repeated)
    if repeated:
        raise SpecError(repeated)
    return Source(name, cast("Tree", data), lines)


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else (error.strerror or "unknown reason")


def _index(node: yaml.Node, path: Path, name: str, lines: dict[Path, int], repeated: list[Problem]) -> None:
    """Note the line of each path below ``node``, and each key that a mapping states twice."""
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            step = (*path, str(key_node.value))
            line = key_node.start_mark.line + 1
            if step in lines:
                message = f"is stated twice, first on line {lines[step]}"
                repeated.append(Problem(place=f"{name}:{line}", path=step, message=message))
                continue
            lines[step] = line
            _index(value_node, step, name, lines, repeated)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            step = (*path, index)
            lines[step] = item.start_mark.line + 1
            _index(item, step, name, lines, repeated)


def merged(defaults: Tree, own: Tree) -> dict[str, object]:
    """Lay a stack's values over the shared defaults.

    Mappings merge key by key; any other value replaces. ``null`` removes what the defaults say, so a stack can do
    without an entry that the others share. (Pulumi replaces whole values and never merges.)
    """
    result = dict(defaults)
    for key, value in own.items():
        base = result.get(key)
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict):
            below: Tree = cast("Tree", base) if isinstance(base, dict) else {}
            result[key] = merged(below, cast("Tree", value))
        else:
            result[key] = value
    return result
