"""Whether a live object is as it was stated, whoever added what to it since.

Owns the comparison, which reads Kubernetes quantities as numbers: the API server writes them in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

_QUANTITY = re.compile(r"(-?\d+(?:\.\d+)?)(m|k|M|G|Ki|Mi|Gi|Ti)?")
_FACTOR = {None: 1, "k": 10**3, "M": 10**6, "G": 10**9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}


def amount(text: str) -> Decimal | None:
    """Read a quantity; any other text is none."""
    found = _QUANTITY.fullmatch(text)
    if not found:
        return None
    return Decimal(found[1]) / 1000 if found[2] == "m" else Decimal(found[1]) * _FACTOR[found[2]]


def differences(wanted: Any, live: Any, place: str) -> list[str]:
    """Return where a live object lacks what was stated; what others added to it is theirs."""
    if isinstance(wanted, Mapping) and isinstance(live, Mapping):
        stated, there = cast("Mapping[str, Any]", wanted), cast("Mapping[str, Any]", live)
        pairs = [(f"{place}.{key}", value, there.get(key)) for key, value in stated.items() if value is not None]
    elif isinstance(wanted, list) and isinstance(live, list):
        ours, theirs = cast("list[Any]", wanted), cast("list[Any]", live)
        if len(ours) != len(theirs):
            return [f"{place}: {len(ours)} were stated, {len(theirs)} are there"]
        pairs = [(f"{place}[{index}]", one, theirs[index]) for index, one in enumerate(ours)]
    else:
        one, other = cast("tuple[object, object]", (wanted, live))
        return [] if _same(one, other) else [f"{place}: stated {one!r}, there is {other!r}"]
    return [difference for at, one, other in pairs for difference in differences(one, other, at)]


def _same(wanted: object, live: object) -> bool:
    """An empty value may be left out, and a number be written as a quantity."""
    if wanted == live or (not wanted and live is None):
        return True
    number = amount(str(wanted))
    return number is not None and number == amount(str(live))
