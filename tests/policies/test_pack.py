"""The pack starts as an engine starts it: by path, from any folder, and says on its first line where it listens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import policies

PACK = Path(policies.__path__[0])


@pytest.mark.parametrize("elsewhere", [False, True], ids=["in its own folder", "in the project's"])
def test_the_pack_starts_and_prints_its_port(elsewhere: bool, tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:0", str(PACK)]
    with subprocess.Popen(
        command, cwd=tmp_path if elsewhere else PACK, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            first = process.stdout.readline().strip()
        finally:
            process.terminate()
    assert first.isdigit(), "the engine reads the port from the first line"
