"""How one tool is made: stage its module, add what it embeds, compile, copy what lies beside it.

Owns the commands that are run. Does not decide whether a tool is built, nor where it ends up.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.toolchain import golang
from tools.toolchain.catalog import Copy, Tool
from tools.toolchain.errors import ToolchainError, build_failed

_TICK = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Bench:
    """What a build works with."""

    scratch: Path
    log: Path
    inherited: int
    """The lock's descriptor; see `Store.lock`."""
    tick: Callable[[], None]

    @property
    def source(self) -> Path:
        """The module's copy: the checkout is only read."""
        return self.scratch / "source"

    @property
    def result(self) -> Path:
        """What becomes the tool's folder."""
        return self.scratch / "result"


def stage(sources: Path, bench: Bench) -> Path:
    """Copy the module, so that what is hashed is what is compiled, whatever happens to the checkout meanwhile."""
    shutil.copytree(sources, bench.source)
    return bench.source


def make(tool: Tool, bench: Bench) -> Path:
    """Build the staged tool and return its folder, still in the scratch folder."""
    bench.log.parent.mkdir(parents=True, exist_ok=True)
    bench.log.write_bytes(b"")
    (bench.result / "bin").mkdir(parents=True)
    (bench.result / "assets").mkdir()
    modules = _modules(tool, bench)
    for copy in tool.embeds:
        _copy(tool, copy, modules, bench.source)
    for name, package in tool.binaries.items():
        flags = " ".join(("-s", "-w", *tool.ldflags))
        output = str(bench.result / "bin" / name)
        _run(tool, ["go", "build", "-trimpath", f"-ldflags={flags}", "-o", output, package], bench)
    for copy in tool.copies:
        _copy(tool, copy, modules, bench.result)
    for name, text in tool.scripts.items():
        script = bench.result / "bin" / name
        script.write_text(text)
        script.chmod(0o755)
    return bench.result


def _run(tool: Tool, command: Sequence[str], bench: Bench, answer: Path | None = None) -> None:
    """Run a command in the module's copy; output goes to the log, or to `answer`, so nothing fills a pipe."""
    with bench.log.open("ab") as log, (answer or bench.log).open("ab") as out:
        process = subprocess.Popen(
            command,
            cwd=bench.source,
            env=golang.environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=log,
            pass_fds=(bench.inherited,),
        )
        try:
            while process.poll() is None:
                bench.tick()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_TICK)
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if process.returncode:
        raise build_failed(tool.name, command, process.returncode, bench.log)


def _modules(tool: Tool, bench: Bench) -> dict[str, Path]:
    """Return the folder of each module that the tool copies from, downloaded and checked against its go.sum."""
    wanted = sorted({copy.module for copy in (*tool.embeds, *tool.copies)})
    if not wanted:
        return {}
    answer = bench.scratch / "modules.json"
    _run(tool, ["go", "mod", "download", "-json", *wanted], bench, answer)
    return dict(_folders(answer.read_text()))


def _folders(text: str) -> Iterable[tuple[str, Path]]:
    """Read the JSON documents that `go mod download -json` prints one after another."""
    decoder, position = json.JSONDecoder(), 0
    while position < len(text):
        document, end = decoder.raw_decode(text, position)
        yield document["Path"], Path(document["Dir"])
        position = end + len(text[end:]) - len(text[end:].lstrip())


def _copy(tool: Tool, copy: Copy, modules: dict[str, Path], base: Path) -> None:
    source, target = modules[copy.module] / copy.source, base / copy.target
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        # The module cache is read-only; what is copied from it must be removable.
        shutil.copytree(source, target, copy_function=shutil.copyfile)
        for folder in (target, *(path for path in target.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
    elif not source.is_file():
        raise ToolchainError(f"{tool.name}: {copy.module} has no {copy.source}")
    elif copy.json_version:
        target.write_text(json.dumps(json.loads(source.read_bytes()) | {"version": copy.json_version}))
    else:
        shutil.copyfile(source, target)
        target.chmod(0o755 if copy.executable else 0o644)
