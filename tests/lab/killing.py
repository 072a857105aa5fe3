"""Runs of `python -m tools up` that are killed, and what must hold after the next one.

Owns finding an engine's processes, waiting for a moment in its work, and the invariants. It does not own the moments.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import yaml

from components.labels import STACK
from tests.lab.checkout import Checkout
from tools.stack.engine import MARK
from tools.toolchain import Toolchain

PATIENCE = 300


@dataclass(frozen=True)
class Stack:
    """The stack `local` of a copied checkout."""

    checkout: Checkout
    toolchain: Toolchain
    runs: list[subprocess.Popen[str]] = field(default_factory=list[subprocess.Popen[str]])

    @property
    def folder(self) -> Path:
        return self.checkout.root / ".lab" / "local"

    @property
    def file(self) -> Path:
        return self.checkout.root / "stacks" / "Pulumi.local.yaml"

    @property
    def locks(self) -> list[Path]:
        return list((self.folder / "state" / ".pulumi" / "locks").rglob("*.json"))

    def start(self, command: str = "up") -> subprocess.Popen[str]:
        arguments = [sys.executable, "-m", "tools", command, "local"]
        with (self.checkout.root / "run.log").open("w") as log:
            run = subprocess.Popen(arguments, cwd=self.checkout.root, stdout=log, stderr=log, text=True)
        self.runs.append(run)
        return run

    def end(self) -> None:
        """Take everything down, whatever a test that failed has left."""
        for run in self.runs:
            run.kill()
            run.wait()
        for process in self.processes():
            process.kill()
        down = self.checkout.run("down")
        assert down.returncode == 0, down.stdout + down.stderr
        assert not self.processes()

    @property
    def log(self) -> str:
        return (self.checkout.root / "run.log").read_text()

    def processes(self) -> list[psutil.Process]:
        """What an engine of this stack consists of: itself, plugins, language host, program."""
        return list(_marked(self.folder))

    def engine(self, command: str) -> psutil.Process | None:
        """The engine that runs a command, if there is one."""
        for process in psutil.process_iter(["name", "cmdline"]):
            if process.info["name"] == "pulumi" and (process.info["cmdline"] or [])[1:2] == [command]:
                with suppress(psutil.Error):
                    if process.environ().get(MARK) == str(self.folder):
                        return process
        return None

    def state(self) -> dict[str, Any]:
        try:
            return self.checkout.state() or {}
        except FileNotFoundError:
            return {}

    def pending(self, *kinds: str) -> list[str]:
        """What the state notes as under way."""
        operations: list[dict[str, Any]] = self.state().get("pending_operations") or []
        return [
            f"{one['type']} {one['resource']['urn'].rpartition('::')[2]}"
            for one in operations
            if not kinds or one["type"] in kinds
        ]

    def count(self) -> int:
        return len(self.state().get("resources") or [])

    def kubectl(self, *arguments: str) -> str:
        command = [str(self.toolchain.binary("kubectl")), "--kubeconfig", str(self.folder / "cluster" / "kubeconfig")]
        return subprocess.run([*command, *arguments], check=True, capture_output=True, text=True).stdout

    def live(self, kinds: str = "") -> set[tuple[str, str, str]]:
        """Every object on the cluster with this stack's label that no controller has derived from another."""
        # Endpoints copy the labels of their Service without saying whose they are.
        names = self.kubectl("api-resources", "--verbs=list,delete", "-o", "name").split() if not kinds else []
        chosen = kinds or ",".join(name for name in names if name != "endpoints" and "metrics" not in name)
        items = json.loads(self.kubectl("get", chosen, "-A", "-l", f"{STACK}=local", "-o", "json"))["items"]
        return {_place(one) for one in items if not one["metadata"].get("ownerReferences")}

    def assert_whole(self) -> None:
        """Assert that nothing of a killed run is left, and that state and cluster tell of the same objects."""
        state = self.state()
        assert not state.get("pending_operations"), "an operation is still pending"
        resources = state["resources"]
        urns = [one["urn"] for one in resources]
        assert len(urns) == len(set(urns)), "an object is in the state twice"
        assert not [one["urn"] for one in resources if one.get("delete") or one.get("initErrors")]
        noted = [_place(one["inputs"]) for one in resources if "kind" in one.get("inputs", {})]
        assert len(noted) == len(set(noted)), "two resources stand for one object"
        assert set(noted) == self.live(), "an object is orphaned, or is gone while the state has it"
        assert not self.processes(), "a process of the killed run lives on"
        assert not self.locks
        assert not list((self.folder / "state").rglob("*.tmp"))
        assert not (self.folder / "unfinished").exists()


def until(condition: Callable[[], object], what: str, run: subprocess.Popen[str] | None = None) -> Any:
    """Wait for something to be true, and return it; fail as soon as the run it should happen in has ended."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {PATIENCE} s: {what}"
        assert run is None or run.poll() is None, f"the run ended before {what}"
        # Often enough to meet a moment, and too seldom to slow the run down.
        time.sleep(0.02)
    return found


def small(text: str) -> str:
    """The same stack without its GPUs and its tenants."""
    data = yaml.safe_load(text)
    config = data["config"]
    config["gpu-platform:pools"] = {"cpu": config["gpu-platform:pools"]["cpu"]}
    del config["gpu-platform:tenants"], config["gpu-platform:examples"]
    return yaml.safe_dump(data)


def of_another(text: str) -> str:
    """The same stack with another label on every object."""
    data = yaml.safe_load(text)
    data["config"]["gpu-platform:environment"]["owner"] = f"team-{time.monotonic_ns()}"
    return yaml.safe_dump(data)


def program_runs(stack: Stack) -> bool:
    return any("pulumi-language-python-exec" in " ".join(process.cmdline()) for process in stack.processes())


def _marked(folder: Path) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                yield process


def _place(document: dict[str, Any]) -> tuple[str, str, str]:
    metadata = document["metadata"]
    return document["kind"], metadata.get("namespace", ""), metadata["name"]
