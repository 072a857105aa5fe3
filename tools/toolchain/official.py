"""An official Pulumi that is installed here: is it there, whole, and new enough?

Owns that decision. Does not install anything.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

_HOST = "pulumi-language-python"


def find(pinned: str) -> Path | None:
    """Return an official `pulumi` of at least the pinned version that has its Python host beside it."""
    found = shutil.which("pulumi")
    if found is None:
        return None
    # A package manager may put only a link to `pulumi` on PATH; the engine looks beside the real file too.
    path = Path(found)
    if not any(os.access(folder / _HOST, os.X_OK) for folder in (path.parent, path.resolve().parent)):
        return None
    version = _version(path)
    return path if version is not None and version >= _numbers(pinned) else None


def _version(path: Path) -> tuple[int, ...] | None:
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        answer = subprocess.run(
            [path, "version"], env=environment, capture_output=True, text=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = re.match(r"v?(\d+\.\d+\.\d+)", answer.stdout.strip())
    return _numbers(said[1]) if said and not answer.returncode else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
