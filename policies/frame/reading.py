"""Reads a resource's properties without ever tripping over one that is not known yet.

Owns the difference between absent, unknown and a value. The SDK's own way, an exception at the first unknown that is
touched, ends the whole policy as an advisory: everything after it would go unchecked. Decides nothing: see `rule`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, cast

from pulumi_policy.proxy import UnknownValueError


class Unknown(Enum):
    """The one value that stands for whatever will only be known later."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Node:
    """A place in a resource's properties, and what lies there: a value, None when absent (or null), or UNKNOWN.

    What lies below an unknown is unknown too, and keeps the path of the unknown: the place that a reader must look at.
    """

    value: object
    path: str = ""

    @property
    def absent(self) -> bool:
        """Nothing is stated here; Kubernetes reads null as nothing."""
        return self.value is None

    @property
    def unknown(self) -> bool:
        """Something is stated here, but not known yet."""
        return self.value is UNKNOWN

    @property
    def empty(self) -> bool:
        """Nothing, an empty list or an empty object: what Kubernetes treats alike in selectors and rules."""
        elements = _list(self.value) if _list(self.value) is not None else _object(self.value)
        return self.absent if elements is None else len(elements) == 0

    @property
    def text(self) -> str | None:
        """The value if it is a string. None says nothing about an unknown: ask `unknown` first."""
        return self.value if isinstance(self.value, str) else None

    def at(self, *keys: str) -> "Node":
        """The place below, key by key."""
        node = self
        for key in keys:
            node = node._child(key)
        return node

    def items(self) -> Iterator["Node"]:
        """The elements of a list; an unknown list is one element that is unknown, so that nobody takes it for empty."""
        if self.unknown:
            yield self
        elements = _list(self.value) or ()
        for index in range(len(elements)):
            yield _read(lambda index=index: elements[index], f"{self.path}[{index}]")

    def fields(self) -> Iterator[tuple[str, "Node"]]:
        """The names and places of an object, sorted: protobuf keeps no order. Those of an unknown one can't be had."""
        for key in sorted(_object(self.value) or ()):
            yield key, self.at(key)

    def _child(self, key: str) -> "Node":
        if self.unknown:
            return self
        path = f"{self.path}{_step(key)}" if self.path else key
        properties = _object(self.value)
        return Node(None, path) if properties is None else _read(lambda: properties[key], path)


def _read(get: Callable[[], object], path: str) -> Node:
    # The SDK's mappings read a value even to say whether its key is there, so only reading tells.
    try:
        return Node(get(), path)
    except KeyError:
        return Node(None, path)
    except UnknownValueError:
        return Node(UNKNOWN, path)


# The SDK wraps lists and objects in classes of its own, which are neither list nor dict.
def _list(value: object) -> Sequence[object] | None:
    return cast("Sequence[object]", value) if isinstance(value, Sequence) and not isinstance(value, str) else None


def _object(value: object) -> Mapping[str, object] | None:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else None


def _step(key: str) -> str:
    return f".{key}" if _PLAIN_KEY.fullmatch(key) else f'["{key}"]'
