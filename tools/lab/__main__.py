"""`python -m tools.lab start|status|stop|reset`: the lab from a terminal.

Owns arguments, printing and exit codes: 0 done (for status: all running), 1 not, 2 wrong arguments, 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tools.lab import Lab, LabError
from tools.toolchain import ToolchainError, ensure

TOOLS = ("etcd", "control-plane", "kwok", "kueue")


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.lab", description="The simulated cluster of this machine.")
    parser.add_argument("command", choices=("start", "status", "stop", "reset"))
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(".lab/local/cluster"),
        help="where the lab lives (%(default)s, as `make up` has it)",
    )
    options = parser.parse_args(arguments)
    commands = {"start": _start, "status": _status, "stop": _stop, "reset": _reset}
    try:
        return commands[options.command](options.folder)
    except (LabError, ToolchainError) as error:
        print(error, file=sys.stderr)
        return 1
    except PermissionError as error:
        print(f"{error.filename} belongs to another user: {error.strerror}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; start again to go on, or stop to end what runs.", file=sys.stderr)
        return 130


def _start(folder: Path) -> int:
    lab = Lab(folder, ensure(TOOLS, progress=sys.stderr))
    started = time.monotonic()
    lab.start(_show)
    print(f"The lab is ready after {time.monotonic() - started:.1f} s; its kubeconfig: {lab.kubeconfig}")
    return 0


def _status(folder: Path) -> int:
    components = Lab(folder, None).status()
    for component in components:
        ports = ", ".join(map(str, component.ports)) or "-"
        pid = component.pid or "-"
        print(f"{component.name:<24} {component.state:<8} {pid:>8} {component.rss_mib:>6} MiB  {ports}")
    return 0 if all(component.state == "running" for component in components) else 1


def _stop(folder: Path) -> int:
    Lab(folder, None).stop(_show)
    print("The lab is stopped; its data is kept.")
    return 0


def _reset(folder: Path) -> int:
    Lab(folder, None).reset(_show)
    print(f"No lab is left in {folder}.")
    return 0


def _show(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
