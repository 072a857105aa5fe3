"""The cache folder of the tools: keys, locks, and folders that appear whole or not at all.

Owns names and life of everything below the cache root. Does not know how a tool is compiled.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from tools.toolchain.catalog import Tool
from tools.toolchain.golang import Go

# Part of every key: raise it when the way of building changes without the catalog changing.
_RECIPE = 1
_WAIT = 0.25


def default_root() -> Path:
    """Return the cache folder that outlives the checkout."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "gpu-platform" / "tools"


def key(tool: Tool, sources: Path, go: Go) -> str:
    """Hash all that decides what the tool's folder holds."""
    digest = hashlib.sha256()
    recipe = dataclasses.replace(tool, cold=0)
    digest.update(f"{_RECIPE}\n{recipe!r}\n{go!r}\n".encode())
    for path in sorted(path for path in sources.rglob("*") if path.is_file()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(sources).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


@dataclass(frozen=True, kw_only=True, slots=True)
class Store:
    """The folders of one cache root."""

    root: Path

    def folder(self, tool: Tool, sources: Path, go: Go) -> Path:
        """Return where the tool lies once it is built."""
        return self.root / f"{tool.name}-{tool.version}-{key(tool, sources, go)}"

    def log(self, tool: Tool) -> Path:
        """Return the log of the tool's last build."""
        return self.root / "logs" / f"{tool.name}.log"

    @contextlib.contextmanager
    def lock(self, tool: Tool, waiting: Callable[[], None]) -> Generator[int]:
        """Hold the tool's lock; yield its descriptor.

        Compilers inherit the descriptor, so a build whose owner was killed keeps the lock as long as it lives: who
        has the lock knows that nobody writes to the tool's temporary folders, without trusting a process id.
        """
        folder = self.root / "locks"
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / f"{tool.name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _acquire(descriptor, waiting)
            yield descriptor
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def scratch(self, tool: Tool) -> Generator[Path]:
        """Yield an empty folder on the cache's own file system, after removing what killed builds left.

        Only for the holder of the tool's lock.
        """
        parent = self.root / "building" / tool.name
        shutil.rmtree(parent, ignore_errors=True)
        parent.mkdir(parents=True)
        try:
            yield Path(tempfile.mkdtemp(dir=parent))
        finally:
            shutil.rmtree(parent, ignore_errors=True)


def _acquire(descriptor: int, waiting: Callable[[], None]) -> None:
    """Take the lock; call `waiting` while another has it."""
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            time.sleep(_WAIT)
        else:
            return
