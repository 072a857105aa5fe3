"""Amounts of memory, storage and CPU as Kubernetes spells them.

Owns the notation of a stack file (``256Gi``), its arithmetic in MiB, and the way back. A stack file states CPU in whole
cores; what a node leaves to Pods is in millicores.
"""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

_MEBIBYTES = {"Mi": 1, "Gi": 1024, "Ti": 1024 * 1024}
_PATTERN = r"^[1-9][0-9]*(Mi|Gi|Ti)$"


def mebibytes(quantity: str) -> int:
    """Return ``quantity`` (such as ``256Gi``) in MiB. Raises ValueError for any other notation."""
    if not re.fullmatch(_PATTERN, quantity):
        raise ValueError("must be a whole number with Mi, Gi or Ti, such as 256Gi")
    return int(quantity[:-2]) * _MEBIBYTES[quantity[-2:]]


def quantity(mib: int) -> str:
    """Spell ``mib`` MiB in the largest unit that is exact, as the API server would write it back."""
    if mib == 0:
        return "0"
    for unit in ("Ti", "Gi"):
        if mib % _MEBIBYTES[unit] == 0:
            return f"{mib // _MEBIBYTES[unit]}{unit}"
    return f"{mib}Mi"


def millicores(amount: int) -> str:
    """Spell CPU as the API server writes it back: whole cores without a unit."""
    return str(amount // 1000) if amount % 1000 == 0 else f"{amount}m"


def _checked(value: str) -> str:
    mebibytes(value)
    return value


Quantity = Annotated[
    str,
    Field(
        description="Memory or storage as Kubernetes spells it: 512Mi, 256Gi, 2Ti.",
        json_schema_extra={"pattern": _PATTERN},
    ),
    AfterValidator(_checked),
]
