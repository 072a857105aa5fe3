"""The checkout's Python environment: `.venv`, from the committed requirements with their hashes.

Owns making and refreshing it. Uses the standard library alone: it runs before anything is installed. Does not own which
packages there are (`requirements*.in`, locked by `make lock`).
"""

import hashlib
import os
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"
_MARKER = ROOT / ".venv" / "requirements.sha256"


class EnvironmentFailedError(Exception):
    """The environment can't be made; the message says why and what to do."""


def ensure(*, checks: bool) -> None:
    """Have `.venv` hold what the program needs, and with ``checks`` what the checks need besides.

    Does nothing where it does. The marker is written last, so an install that was killed is done again.
    """
    wanted = ROOT / ("requirements-dev.txt" if checks else "requirements.txt")
    digests = {_digest(ROOT / name) for name in ("requirements.txt", "requirements-dev.txt")}
    installed = _MARKER.read_text() if _MARKER.exists() else ""
    # The checks' requirements contain the program's.
    if installed == _digest(wanted) or (installed in digests and not checks):
        return
    started = time.monotonic()
    print(f"python packages  installing from {wanted.name} ...", file=sys.stderr, flush=True)
    if not PYTHON.exists():
        venv.create(ROOT / ".venv", with_pip=True, clear=True)
    _MARKER.unlink(missing_ok=True)
    result = subprocess.run(
        [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", wanted],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode:
        tail = "\n".join(result.stdout.splitlines()[-10:])
        raise EnvironmentFailedError(f"pip could not install {wanted.name}:\n{tail}")
    _MARKER.write_text(_digest(wanted))
    print(f"python packages  installed in {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)


def inside() -> bool:
    """Whether this process runs on the checkout's environment."""
    return Path(sys.prefix).resolve() == (ROOT / ".venv").resolve()


def enter(arguments: list[str]) -> None:
    """Go on as the environment's Python; does not return."""
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "tools", *arguments])  # noqa: S606 - no shell is wanted


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes() + sys.version.encode()).hexdigest()
