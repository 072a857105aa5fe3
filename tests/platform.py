"""Running the platform of a stack file on the mock engine. Owns the short way to do so; no assertions."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from components.platform import Platform, PlatformArgs
from components.spec import Stack, load_files, load_stack
from tools.recorder import Recording, record

ROOT = Path(__file__).parents[1]
KUBECONFIG = "apiVersion: v1\nkind: Config\n# marker-of-a-secret\n"


def recorded(spec: Stack, stack: str = "test") -> Recording:
    """Return what the platform of a specification registers."""
    return record(
        lambda: Platform("platform", PlatformArgs(stack=stack, spec=spec, kubeconfig=KUBECONFIG)), stack=stack
    )


def committed(name: str) -> Stack:
    """Return a committed stack file's specification."""
    return load_stack(ROOT, name)


def changed(tmp_path: Path, name: str, change: Callable[[Any], None]) -> Stack:
    """Return a committed stack's specification after ``change`` was done to its sections."""
    data = yaml.safe_load((ROOT / "stacks" / f"Pulumi.{name}.yaml").read_text())
    sections = {key.partition(":")[2]: value for key, value in data["config"].items()}
    change(sections)
    data["config"] = {f"gpu-platform:{key}": value for key, value in sections.items()}
    file = tmp_path / f"Pulumi.{name}.yaml"
    file.write_text(yaml.safe_dump(data, sort_keys=False))
    return load_files(file, file.name, ROOT / "Pulumi.yaml")


__all__ = ["KUBECONFIG", "ROOT", "changed", "committed", "recorded"]
