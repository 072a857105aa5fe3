"""What the tests put in the engine's place: it starts the host, reads its port and talks to it.

Owns also the stand-in of the engine's runner of programs, which is upstream's script and lies beside the engine.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TypeVar, cast

import grpc
import psutil
import pytest
from google.protobuf.message import Message

HOST = Path(__file__).parents[2] / "tools" / "langhost" / "__main__.py"

_RUNNER = """
import argparse, json, os, runpy, sys

flags = argparse.ArgumentParser()
for name in ("monitor", "engine", "project", "root_directory", "stack", "pwd", "dry_run", "parallel", "organization"):
    flags.add_argument("--" + name)
flags.add_argument("program", nargs="*")
given = vars(flags.parse_args())
program = given.pop("program")
os.chdir(given["pwd"])
with open("seen.json", "w") as seen:
    environment = {"config": os.environ["PULUMI_CONFIG"], "secrets": os.environ["PULUMI_CONFIG_SECRET_KEYS"]}
    json.dump({"flags": given, "program": program, **environment}, seen)
runpy.run_path(program[0], run_name="__main__")
"""


def runner_on_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a runner that notes what it is given where the host finds it."""
    folder.mkdir()
    runner = folder / "pulumi-language-python-exec"
    runner.write_text(_RUNNER, encoding="utf-8")
    runner.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")


def host_command() -> list[str]:
    """How the engine starts the host."""
    return [sys.executable, str(HOST), "engine:0"]


Answer = TypeVar("Answer", bound=Message)
_Answer = TypeVar("_Answer", covariant=True)


class Call(Protocol[_Answer]):
    """What the tests use of a call that is under way."""

    def __iter__(self) -> Iterator[_Answer]: ...
    def __next__(self) -> _Answer: ...
    def cancel(self) -> bool: ...
    def result(self, timeout: float | None = None) -> _Answer: ...


class Client:
    """The calls of the protocol, typed: the generated stubs' own annotations name modules that are not there."""

    def __init__(self, port: int) -> None:
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self._calls: list[object] = []

    def close(self) -> None:
        """End the connection."""
        self._channel.close()

    def ask(self, name: str, request: Message, answer: type[Answer]) -> Answer:
        """Call `name` and wait."""
        return self.start(name, request, answer).result(10)

    def start(self, name: str, request: Message, answer: type[Answer]) -> Call[Answer]:
        """Call `name`, which has one answer, and go on."""
        method = self._channel.unary_unary(
            f"/pulumirpc.LanguageRuntime/{name}",
            request_serializer=_bytes,
            response_deserializer=answer.FromString,
        )
        return self._keep(cast("Call[Answer]", method.future(request)))

    def stream(self, name: str, request: Message, answer: type[Answer]) -> Call[Answer]:
        """Call `name`, which has many answers."""
        method = self._channel.unary_stream(
            f"/pulumirpc.LanguageRuntime/{name}",
            request_serializer=_bytes,
            response_deserializer=answer.FromString,
        )
        return self._keep(cast("Call[Answer]", method(request)))

    def _keep(self, call: Call[Answer]) -> Call[Answer]:
        # A call that nothing refers to is cancelled.
        self._calls.append(call)
        return call


def _bytes(message: Message) -> bytes:
    return message.SerializeToString()


class Host:
    """A language host, started as the engine starts it: leader of its own process group, its output in pipes."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.project.mkdir()
        self.process = subprocess.Popen(
            host_command(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0
        )
        assert self.process.stdout is not None
        self.client = Client(int(self.process.stdout.readline()))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> tuple[str, str]:
        """End it as the engine does, and return what it and its programs wrote after the port."""
        if self.process.poll() is None:
            self.process.terminate()
        self.client.close()
        if self.process.stdout is None or self.process.stdout.closed:
            return "", ""
        return self.process.communicate(timeout=5)

    def descendants(self) -> list[psutil.Process]:
        """What it has started and is still running."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def wait_for_no_descendants(self, *, seconds: float) -> None:
        """Fail unless they are all gone in time."""
        end = time.monotonic() + seconds
        while self.descendants():
            assert time.monotonic() < end, f"still running: {self.descendants()}"
            time.sleep(0.02)
