"""A stack of its own for a benchmark: a lab, a state and an engine's home in one folder, and any program on them.

Owns running the engine so that the program alone differs: engine, home, backend, stack file and flags are the same.
"""

import json
import subprocess
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from components.spec import load_files
from tests.bench.harness import say
from tools.environment import ROOT
from tools.lab import Lab
from tools.stack.workspace import Workspace, engine_environment
from tools.toolchain import Toolchain


@dataclass(frozen=True, kw_only=True, slots=True)
class Place(Workspace):
    """A workspace in any folder, of any stack file."""

    at: Path
    file: Path

    @property
    def folder(self) -> Path:
        return self.at

    @property
    def source(self) -> Path:
        return self.file

    @property
    def state_file(self) -> Path:
        return self.state / ".pulumi" / "stacks" / "gpu-platform" / f"{self.stack}.json"


class Arena:
    """One stack on its place."""

    def __init__(self, place: Place, toolchain: Toolchain) -> None:
        self.place = place
        self._binary = str(toolchain.binary("pulumi"))
        self._environment = engine_environment(place, toolchain)

    def pulumi(self, program: Path, *arguments: str) -> str:
        """Run a command of the engine on the program in a folder, and return what it printed."""
        config = [] if arguments[0] == "stack" else ["--config-file", str(self.place.config_file)]
        stack = [] if arguments[1] == "select" else ["--stack", self.place.stack]
        command = [self._binary, *arguments, *stack, *config, "--non-interactive", "--cwd", str(program)]
        done = subprocess.run(command, env=self._environment, text=True, capture_output=True, check=False)
        if done.returncode:
            raise SystemExit(f"pulumi {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def up(self, program: Path) -> None:
        """Apply a program without a preview and without policies."""
        self.pulumi(program, "up", "--yes", "--skip-preview", "--suppress-outputs")

    def state(self, program: Path = ROOT) -> list[dict[str, Any]]:
        """Return the state's resources."""
        return json.loads(self.pulumi(program, "stack", "export"))["deployment"].get("resources", [])


@contextmanager
def arena(folder: Path, toolchain: Toolchain, stack: str, config: Mapping[str, object]) -> Generator[Arena, None, None]:
    """Start a lab for a stack file's ``config``, with an empty state; nothing of either remains."""
    source = folder / "stacks" / f"Pulumi.{stack}.yaml"
    source.parent.mkdir(mode=0o700, parents=True)
    # The engine gives a program its configuration with sorted keys; read here, the file must have the same order.
    source.write_text(yaml.safe_dump({"config": config}, sort_keys=True))
    place = Place(stack=stack, spec=load_files(source, source.name, ROOT / "Pulumi.yaml"), at=folder, file=source)
    place.prepare()
    lab = Lab(place.cluster, toolchain)
    try:
        lab.start(say)
        ready = Arena(place, toolchain)
        # It writes a salt beside the project it runs in, so never in the checkout.
        ready.pulumi(folder, "stack", "select", "--create", stack)
        yield ready
    finally:
        lab.reset()
