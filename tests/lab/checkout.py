"""A copy of this checkout in a folder of its own, used as its users would: by its commands.

Owns the copy and running commands in it, so that a test's stacks never touch those of whoever runs the tests.
"""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Checkout:
    """``root`` is the copy's folder; it shares the Python environment and the cache of tools."""

    root: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `python -m tools ...` to its end."""
        command = [sys.executable, "-m", "tools", *arguments]
        return subprocess.run(command, cwd=self.root, text=True, capture_output=True, check=False, timeout=600)

    def up(self, stack: str = "local") -> str:
        """Bring a stack up, and return what was printed."""
        result = self.run("up", stack)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout + result.stderr

    def edit(self, right: str, wrong: str, stack: str = "local") -> None:
        """Replace a text that stands in a stack file."""
        file = self.root / "stacks" / f"Pulumi.{stack}.yaml"
        text = file.read_text()
        assert right in text, f"{right!r} is not in {file.name}"
        file.write_text(text.replace(right, wrong, 1))

    def sections(self, stack: str = "local") -> dict[str, Any]:
        """Return a stack file's sections by their short names."""
        data = yaml.safe_load((self.root / "stacks" / f"Pulumi.{stack}.yaml").read_text())
        return {key.partition(":")[2]: value for key, value in data["config"].items()}

    def state(self, stack: str = "local") -> dict[str, Any]:
        """Return the engine's state as its file holds it."""
        file = self.root / ".lab" / stack / "state" / ".pulumi" / "stacks" / "gpu-platform" / f"{stack}.json"
        return json.loads(file.read_text())["checkpoint"]["latest"]


def copy_checkout(folder: Path) -> Checkout:
    """Copy what git knows and what it would add; link the Python environment."""
    listed = subprocess.run(
        # A checkout that another user cloned, as some CI systems do, is read all the same.
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in listed.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return Checkout(folder)
