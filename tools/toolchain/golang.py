"""The Go toolchain that compiles the tools: its version, and the environment it is run in.

Owns every setting that could make two machines build different things. Does not own what is built.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass

from tools.toolchain.errors import ToolchainError

MINIMUM = (1, 26)
_HOW = "get it from your package manager (for example `brew install go` or `snap install go --classic`)"

# What a user may have set and would change the result: cross compilation, other flags, other experiments.
_IGNORED = ("GOFLAGS", "GOWORK", "GOOS", "GOARCH", "GOEXPERIMENT", "CGO_ENABLED", "GO111MODULE", "GOTOOLCHAIN")


@dataclass(frozen=True, kw_only=True, slots=True)
class Go:
    """The Go that is installed here."""

    version: str
    os: str
    arch: str


def environment() -> dict[str, str]:
    """Return this process's environment with Go's settings fixed; proxies and caches stay the user's."""
    kept = {name: value for name, value in os.environ.items() if name not in _IGNORED}
    fixed = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly -buildvcs=false", "GOTOOLCHAIN": "local", "GOWORK": "off"}
    return kept | fixed


def find() -> Go:
    """Ask the Go on PATH what it is; raise if there is none, or one that is too old."""
    wanted = ".".join(map(str, MINIMUM))
    if shutil.which("go") is None:
        raise ToolchainError(f"Go >= {wanted} is needed and no `go` is on PATH: {_HOW}")
    asked = ["go", "env", "GOVERSION", "GOOS", "GOARCH"]
    answer = subprocess.run(asked, env=environment(), capture_output=True, text=True, check=False)
    words = answer.stdout.split("\n")
    if answer.returncode or len(words) < len(asked) - 2:
        raise ToolchainError(f"`{' '.join(asked)}` failed: {answer.stderr.strip() or answer.stdout.strip()}")
    version, system, arch = words[:3]
    found = re.search(r"go(\d+)\.(\d+)", version)
    if found is None or (int(found[1]), int(found[2])) < MINIMUM:
        raise ToolchainError(f"Go >= {wanted} is needed, found {version or 'an unknown version'}: {_HOW}")
    return Go(version=version, os=system, arch=arch)
