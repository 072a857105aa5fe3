"""Go modules that compile in a moment, and workshops over them: what the tests of the bootstrap share."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.toolchain import Workshop
from tools.toolchain.catalog import Tool

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = 'package main\n\nvar version = "unstamped"\n\nfunc main() { print(version) }\n'

# What a second process runs: the fixture's workshop, told by its arguments.
_ENSURE = """
import sys
from pathlib import Path
from tools.toolchain import Workshop
from tools.toolchain.catalog import Tool
from tools.toolchain.store import Store
tool = Tool(name="tiny", version="1.0.0", module="example.test/tiny", pin="v1.0.0", binaries={"tiny": "."},
            ldflags=("-X=main.version=1.0.0",), cold=1)
shop = Workshop(tools=(tool,), modules=Path(sys.argv[1]), store=Store(root=Path(sys.argv[2])))
print(shop.ensure(progress=sys.stderr).binary("tiny"))
"""


class Terminal(io.StringIO):
    """A progress stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@dataclass(frozen=True)
class Tiny:
    """A workshop of one tool, and the files behind it."""

    shop: Workshop
    modules: Path
    cache: Path

    def ensure(self, progress: io.StringIO | None = None) -> Path:
        return self.shop.ensure(progress=progress or io.StringIO()).binary("tiny")

    def start(self, path: Path) -> subprocess.Popen[str]:
        """Run the same workshop in a process of its own, with `path` before everything on PATH."""
        return subprocess.Popen(
            [sys.executable, "-c", _ENSURE, str(self.modules), str(self.cache)],
            cwd=REPOSITORY,
            env={**os.environ, "PATH": f"{path}{os.pathsep}{os.environ['PATH']}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def built(self) -> list[Path]:
        return sorted(self.cache.glob("tiny-*"))


def tiny_tool(name: str = "tiny", version: str = "1.0.0") -> Tool:
    return Tool(
        name=name,
        version=version,
        module=f"example.test/{name}",
        pin=f"v{version}",
        binaries={name: "."},
        ldflags=(f"-X=main.version={version}",),
        cold=1,
    )


def write_module(folder: Path, program: str = PROGRAM) -> None:
    folder.mkdir(parents=True)
    (folder / "go.mod").write_text(f"module example.test/{folder.name}\n\ngo 1.26.0\n")
    (folder / "main.go").write_text(program)


def write_script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def slow_go(folder: Path, seconds: float) -> Path:
    """Put a `go` into the folder that notes each build, then takes its time; return the notes."""
    real, notes = shutil.which("go"), folder / "builds"
    write_script(folder / "go", f'[ "$1" = build ] && echo build >>"{notes}" && sleep {seconds}\nexec "{real}" "$@"')
    return notes


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "what the test waits for did not happen"
        time.sleep(0.02)
