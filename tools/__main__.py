"""`python -m tools COMMAND`: what each target of the Makefile calls.

Owns the command line: which commands there are, and how an error is said. Starts on any Python >= 3.11 without
packages, and goes on inside the checkout's own environment.
"""

import argparse
import sys
from collections.abc import Callable
from importlib import import_module

from tools import environment

# Command -> (module, whether it needs the checks' packages, help). A module is imported when its command is called.
COMMANDS = {
    "up": ("tools.stack.up", False, "set everything up and apply a stack"),
    "preview": ("tools.stack.preview", False, "show what `up` would change, checked against the policies"),
    "status": ("tools.stack.status", False, "show what runs"),
    "down": ("tools.stack.down", False, "destroy a stack, and stop and remove its simulated cluster"),
    "check": ("tools.checks.fast", True, "the fast checks: format, lint, types, unit, contract and policy tests"),
    "test": ("tools.checks.all", True, "every check, end to end on simulated clusters too"),
    "bench": ("tools.checks.bench", True, "the benchmarks"),
    "lock": ("tools.checks.lock", True, "lock the Python requirements again, with hashes"),
    "docs": ("tools.checks.docs", True, "write the generated documents again"),
}
_OF_A_STACK = ("up", "preview", "status", "down")


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    if sys.version_info < (3, 11):
        print("Python 3.11 or newer is needed: https://www.python.org/downloads/", file=sys.stderr)
        return 1
    parser = argparse.ArgumentParser(prog="python -m tools", description="The commands around the Pulumi program.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (_, _, text) in COMMANDS.items():
        command = commands.add_parser(name, help=text)
        if name in _OF_A_STACK:
            command.add_argument("stack", nargs="?", default="local", help="a stack's name (default: %(default)s)")
    parsed = parser.parse_args(arguments)
    module, checks, _ = COMMANDS[parsed.command]
    try:
        environment.ensure(checks=checks)
    except environment.EnvironmentFailedError as error:
        print(error, file=sys.stderr)
        return 1
    if not environment.inside():
        environment.enter(arguments)
    run: Callable[..., int] = import_module(module).run
    return run(parsed.stack) if parsed.command in _OF_A_STACK else run()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
