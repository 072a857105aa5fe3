"""Running the Pulumi engine for one stack.

Owns its command line, its process, and the record that tells a later run whether this one ended. The engine runs in a
session of its own: what it started can be found by that after it was killed. Does not own what a killed run left
behind (`recovery`).
"""

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import IO

import psutil

from tools.environment import ROOT
from tools.lab.layout import write_private
from tools.stack.workspace import Workspace, engine_environment
from tools.toolchain import Toolchain


class Engine:
    """The engine of one stack."""

    def __init__(self, workspace: Workspace, toolchain: Toolchain) -> None:
        self.workspace = workspace
        self._binary = toolchain.binary("pulumi")
        self._environment = engine_environment(workspace, toolchain)

    @property
    def record(self) -> Path:
        """Says which process works on the stack: there while a run is under way, and after one that was killed."""
        return self.workspace.folder / "engine.json"

    def select(self) -> None:
        """Have the stack exist in a local state."""
        self.output("stack", "select", "--create", self.workspace.stack)

    def work(self, *arguments: str, output: IO[str] | None = None) -> int:
        """Run a command that may change the stack, on this terminal or into ``output``, and return its exit code."""
        process = subprocess.Popen(
            self._command(*arguments),
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
        )
        started = psutil.Process(process.pid).create_time()
        write_private(self.record, json.dumps({"pid": process.pid, "started": started}))
        code = _wait(process)
        if code >= 0:
            self.record.unlink()
        return code

    def output(self, *arguments: str) -> str:
        """Run a command that only looks, and return what it printed. Raises CalledProcessError."""
        return subprocess.run(
            self._command(*arguments), env=self._environment, check=True, capture_output=True, text=True
        ).stdout

    def _command(self, *arguments: str) -> list[str]:
        """Give every command its stack and stack file; `--cwd` makes it work from anywhere."""
        config = [] if arguments[0] in ("stack", "cancel") else ["--config-file", str(self.workspace.config_file)]
        stack = [] if arguments[:2] == ("stack", "select") else ["--stack", self.workspace.stack]
        return [str(self._binary), *arguments, *stack, *config, "--cwd", str(ROOT), "--non-interactive"]


def _wait(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> int:
    """Wait for the engine. An interrupt is passed on, once to end in order and twice to end now, and waited for."""

    def pass_on(number: int, _frame: object) -> None:
        os.kill(process.pid, number)

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        return process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
