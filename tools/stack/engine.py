"""Running the Pulumi engine for one stack.

Owns its command line, its process, and the record that tells a later run whether this one ended. The engine runs in a
session of its own: what it started can be found by that after it was killed. Does not own what a killed run left
behind (`recovery`).
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psutil

from tools.environment import ROOT
from tools.lab.layout import write_private
from tools.stack.workspace import Workspace, engine_environment
from tools.toolchain import Toolchain

# The engine prints a line for each step of each resource; those that say it is still at it are left out. (It would draw
# a tree for someone who types at it, but here no one does: everything is asked for on the command line.)
_UNDER_WAY = re.compile(
    r"(creating|updating|deleting|replacing)( replacement)? \(\d+s\)\s*(\[diff: [^]]*\];?\s*)?$|^@ |Skipping await"
)
_COLOR = re.compile(r"\x1b\[[0-9;]*m")


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
        """Have the stack exist in a local state.

        The command takes no `--config-file`, and writes the encryption salt of a new stack beside the project it is run
        in: so it runs in the stack's own folder, and the committed stack file stays as it is.
        """
        self.output("stack", "select", "--create", self.workspace.stack)

    def work(self, *arguments: str, output: IO[str] | None = None) -> int:
        """Run a command that may change the stack, into ``output`` or on the terminal, and return its exit code."""
        color = "always" if output is None and sys.stdout.isatty() else "never"
        process = subprocess.Popen(
            [*self._command(*arguments), "--color", color],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=output or subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started = psutil.Process(process.pid).create_time()
        write_private(self.record, json.dumps({"pid": process.pid, "started": started}))
        with passing_on_interrupts(process.pid):
            for line in process.stdout or ():
                if not _UNDER_WAY.search(_COLOR.sub("", line)):
                    print(line, end="", flush=True)
            code = process.wait()
        if code >= 0:
            self.record.unlink()
        return code

    def output(self, *arguments: str) -> str:
        """Run a command that only looks, and return what it printed. Raises CalledProcessError."""
        return subprocess.run(
            self._command(*arguments),
            env=self._environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def _command(self, *arguments: str) -> list[str]:
        """Give every command its stack and stack file; `--cwd` makes it work from anywhere."""
        config = [] if arguments[0] in ("stack", "cancel") else ["--config-file", str(self.workspace.config_file)]
        stack = [] if arguments[:2] == ("stack", "select") else ["--stack", self.workspace.stack]
        place = self.workspace.folder if arguments[:2] == ("stack", "select") else ROOT
        return [str(self._binary), *arguments, *stack, *config, "--cwd", str(place), "--non-interactive"]


@contextmanager
def passing_on_interrupts(pid: int) -> Generator[None]:
    """Pass interrupts on to the engine and wait for it: the first lets it end in order, the second ends it now."""

    def pass_on(number: int, _frame: object) -> None:
        os.kill(pid, number)

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
