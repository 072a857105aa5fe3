"""Running the Pulumi engine for one stack.

Owns its command line, its process, and what tells a later run that this one did not end well: a file while it is under
way, and a mark in the environment of the engine and of all that it starts. Does not own what a killed run left behind
(`recovery`).
"""

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tools.environment import ROOT
from tools.stack.workspace import Workspace, engine_environment
from tools.toolchain import Toolchain

# In the environment of the engine, and so of its plugins, language host and program, with the stack's folder.
MARK = "GPU_PLATFORM_ENGINE"
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
        self._environment = {**engine_environment(workspace, toolchain), MARK: str(workspace.folder)}

    @property
    def unfinished(self) -> Path:
        """There while a run is under way, and after one that was killed or failed."""
        return self.workspace.folder / "unfinished"

    def select(self) -> None:
        """Have the stack exist in a local state.

        The command takes no `--config-file`, and writes the encryption salt of a new stack beside the project it is run
        in: so it runs in the stack's own folder, and the committed stack file stays as it is.
        """
        self.output("stack", "select", "--create", self.workspace.stack)

    def work(self, *arguments: str, output: IO[str] | None = None) -> int:
        """Run a command that may change the stack, into ``output`` or on the terminal, and return its exit code."""
        color = "always" if output is None and sys.stdout.isatty() else "never"
        self.unfinished.touch(mode=0o600)
        with passing_on_interrupts() as to:
            process = subprocess.Popen(
                [*self._command(*arguments), "--color", color],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output or subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
            to(process)
            for line in process.stdout or ():
                if not _UNDER_WAY.search(_COLOR.sub("", line)):
                    print(line, end="", flush=True)
            code = process.wait()
        if code == 0:
            self.unfinished.unlink()
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
def passing_on_interrupts() -> Generator[Callable[[subprocess.Popen[str]], None]]:
    """Pass interrupts on to the process that is named: the first lets it end in order, the second ends it now.

    From before it starts, since an interrupt in between would leave it to itself.
    """
    targets: list[subprocess.Popen[str]] = []
    early: list[int] = []

    def pass_on(number: int, _frame: object) -> None:
        for process in targets:
            process.send_signal(number)
        if not targets:
            early.append(number)

    def to(process: subprocess.Popen[str]) -> None:
        targets.append(process)
        for number in early:
            process.send_signal(number)

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield to
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
