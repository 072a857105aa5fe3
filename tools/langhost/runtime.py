"""Pulumi's `LanguageRuntime` service for Python.

Owns what each call means, held against upstream's host. Not how processes live and die (`children`), nor what an
environment contains (`environment`).
"""

import json
import os
import queue
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import IO

from tools.langhost.children import Children
from tools.langhost.environment import Environment, NoEnvironmentError, environment_of
from tools.langhost.wire import Call, Empty, Handlers, messages, options_of, plugins, refuse

# The program has already said what is wrong: the exit code of upstream's runner, which lies beside the engine.
_SAID_SO = 32
_RUNNER = "pulumi-language-python-exec"


class Runtime:
    """The host of one engine."""

    def __init__(self, engine_address: str, children: Children) -> None:
        self._engine = engine_address
        self._children = children
        self._cancelled = threading.Event()

    def handlers(self) -> Handlers:
        """Every call that this host answers. The engine uses no other to preview, update, refresh and destroy."""
        handlers = Handlers()
        handlers.answer("Handshake", messages.LanguageHandshakeRequest, self._handshake)
        handlers.answer("GetPluginInfo", Empty, lambda _request, _call: plugins.PluginInfo(version=version("pulumi")))
        handlers.answer("About", messages.AboutRequest, self._about)
        handlers.answer("GetRequiredPackages", messages.GetRequiredPackagesRequest, self._required_packages)
        handlers.answer("GetProgramDependencies", messages.GetProgramDependenciesRequest, self._dependencies)
        handlers.answer(
            "RuntimeOptionsPrompts",
            messages.RuntimeOptionsRequest,
            lambda _request, _call: messages.RuntimeOptionsResponse(),
        )
        handlers.stream("InstallDependencies", messages.InstallDependenciesRequest, self._install)
        handlers.answer("Run", messages.RunRequest, self._run)
        handlers.stream("RunPlugin", messages.RunPluginRequest, self._run_plugin)
        handlers.answer("Cancel", Empty, self._cancel)
        return handlers

    def _handshake(self, request: messages.LanguageHandshakeRequest, _: Call) -> messages.LanguageHandshakeResponse:
        self._engine = request.engine_address or self._engine
        return messages.LanguageHandshakeResponse()

    def _about(self, request: messages.AboutRequest, call: Call) -> messages.AboutResponse:
        environment = _environment(request.info, call)
        return messages.AboutResponse(executable=environment.python, version=environment.version())

    def _required_packages(
        self, request: messages.GetRequiredPackagesRequest, call: Call
    ) -> messages.GetRequiredPackagesResponse:
        found = _environment(request.info, call).plugins()
        return messages.GetRequiredPackagesResponse(
            packages=[
                plugins.PackageDependency(name=one.name, kind="resource", version=one.version, server=one.server)
                for one in found
            ]
        )

    def _dependencies(
        self, request: messages.GetProgramDependenciesRequest, call: Call
    ) -> messages.GetProgramDependenciesResponse:
        found = _environment(request.info, call).distributions(transitive=request.transitiveDependencies)
        return messages.GetProgramDependenciesResponse(
            dependencies=[messages.DependencyInfo(name=name, version=number) for name, number in found]
        )

    def _install(
        self, request: messages.InstallDependenciesRequest, call: Call
    ) -> Iterator[messages.InstallDependenciesResponse]:
        _environment(request.info, call)
        yield messages.InstallDependenciesResponse(
            stdout=b"The locked requirements are installed by make, not by pulumi.\n"
        )

    def _run(self, request: messages.RunRequest, call: Call) -> messages.RunResponse:
        environment = _environment(request.info, call)
        runner = _runner()
        if runner is None:
            return messages.RunResponse(error=f"{_RUNNER} lies neither beside the engine nor on PATH")
        flags = {
            "monitor": request.monitor_address,
            "engine": self._engine,
            "project": request.project,
            "root_directory": request.info.root_directory,
            "stack": request.stack,
            "pwd": request.pwd,
            "dry_run": "true" if request.dryRun else "false",
            "parallel": str(request.parallel),
            "organization": request.organization,
        }
        arguments = [part for name, value in flags.items() if value for part in (f"--{name}", value)]
        variables = environment.variables(os.environ)
        variables["PULUMI_CONFIG"] = json.dumps(dict(request.config))
        variables["PULUMI_CONFIG_SECRET_KEYS"] = json.dumps(list(request.configSecretKeys))
        arguments += [request.info.entry_point or ".", *request.args]
        program = self._start(call, environment, [runner, *arguments], cwd="", env=variables, piped=False)
        return self._result(self._children.wait(program))

    def _result(self, status: int) -> messages.RunResponse:
        if status == _SAID_SO or (status and self._cancelled.is_set()):
            return messages.RunResponse(bail=True)
        if status < 0:
            return messages.RunResponse(error=f"program was ended by {signal.Signals(-status).name}")
        return messages.RunResponse(error=f"program exited with non-zero exit code: {status}" if status else "")

    def _run_plugin(self, request: messages.RunPluginRequest, call: Call) -> Iterator[messages.RunPluginResponse]:
        environment = _environment(request.info, call)
        folder = request.info.program_directory
        arguments = (
            ["-m", "pulumi.policy", *request.args, folder] if request.kind == "analyzer" else [folder, *request.args]
        )
        given = dict(pair.split("=", 1) for pair in request.env if "=" in pair)
        variables = environment.variables({**os.environ, **given})
        plugin = self._start(call, environment, arguments, cwd=request.pwd, env=variables, piped=True)
        try:
            yield from _output_of(plugin)
        finally:
            status = self._children.wait(plugin)
        yield messages.RunPluginResponse(exitcode=status)

    def _start(
        self, call: Call, environment: Environment, arguments: list[str], *, cwd: str, env: dict[str, str], piped: bool
    ) -> subprocess.Popen[bytes]:
        """A child that lives no longer than `call`: ending the call is how the engine ends a plugin."""
        try:
            child = self._children.start(environment.python, arguments, cwd=cwd, env=env, piped=piped)
        except InterruptedError as problem:
            refuse(call, problem)
        if not call.add_callback(child.kill):
            child.kill()
        return child

    def _cancel(self, _request: Empty, _call: Call) -> Empty:
        self._cancelled.set()
        self._children.end()
        return Empty()


def _environment(info: messages.ProgramInfo, call: Call) -> Environment:
    try:
        return environment_of(Path(info.root_directory), options_of(info))
    except NoEnvironmentError as problem:
        refuse(call, problem)


def _runner() -> str | None:
    import psutil  # only when a program is run, not for look-ups

    beside = Path(psutil.Process(os.getppid()).exe()).with_name(_RUNNER)
    return str(beside) if beside.is_file() else shutil.which(_RUNNER)


def _output_of(plugin: subprocess.Popen[bytes]) -> Iterator[messages.RunPluginResponse]:
    """What it writes to either stream, as soon as it is there, until both are closed."""
    pieces: queue.SimpleQueue[messages.RunPluginResponse | None] = queue.SimpleQueue()

    def read(stream: IO[bytes], *, errors: bool) -> None:
        while piece := os.read(stream.fileno(), 1 << 16):
            pieces.put(messages.RunPluginResponse(stderr=piece) if errors else messages.RunPluginResponse(stdout=piece))
        stream.close()
        pieces.put(None)

    streams = [stream for stream in (plugin.stdout, plugin.stderr) if stream is not None]
    for stream in streams:
        threading.Thread(target=read, args=(stream,), kwargs={"errors": stream is plugin.stderr}, daemon=True).start()
    for _ in streams:
        yield from iter(pieces.get, None)
