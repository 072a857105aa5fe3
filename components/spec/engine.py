"""The specification as the engine hands it over: the only reader of Pulumi configuration in the program.

Owns reading; everything below gets the typed record and never asks for configuration, environment, clock or network.
"""

from pathlib import Path as FilePath
from typing import Any

import pulumi

from components.spec.files import DEFAULTS, PROJECT
from components.spec.load import SECTIONS, load
from components.spec.model import Stack
from components.spec.problems import Path, Problem, SpecError
from components.spec.source import merged


def from_engine() -> Stack:
    """Return the current stack's specification. Raises SpecError with every problem."""
    config = pulumi.Config(PROJECT)
    own: dict[str, object] = {}
    for section in SECTIONS:
        value: Any = config.get_object(section)
        if value is not None:
            own[section] = value
    defaults: Any = config.get_object(DEFAULTS) or {}
    stack = pulumi.get_stack()
    return load(merged(defaults, own), lambda _: f"stack {stack}")


def read_kubeconfig(path: str | None, root: FilePath) -> str:
    """Return the kubeconfig's text; ``path`` is absolute or from ``root``. Raises SpecError where it can't be read."""
    at: Path = ("cluster", "kubeconfig")
    if path is None:
        message = "is missing: a simulated cluster is started by `make up`, which fills it in"
        raise SpecError([Problem(place=f"stack {pulumi.get_stack()}", path=at, message=message)])
    try:
        return (root / FilePath(path).expanduser()).read_text(encoding="utf-8")
    except OSError as error:
        message = f"'{path}' can't be read: {error.strerror}"
        raise SpecError([Problem(place=f"stack {pulumi.get_stack()}", path=at, message=message)]) from None
