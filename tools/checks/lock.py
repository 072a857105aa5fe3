"""`make lock`: resolve the requirements again, with hashes, for every Python and platform that the project runs on.

A requirements file, because a `uv.lock` holds registry addresses and no file here does.
"""

import subprocess

from tools.environment import PYTHON, ROOT

_FLAGS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-annotate",
    "--no-header",
    "--quiet",
)


def run() -> int:
    """Lock the program's requirements, then the checks' on top of them; return the exit code."""
    for name, constraint in (("requirements", ()), ("requirements-dev", ("-c", "requirements.txt"))):
        command = [PYTHON, "-m", "uv", "pip", "compile", *_FLAGS, *constraint, f"{name}.in", "-o", f"{name}.txt"]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0
