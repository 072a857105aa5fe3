"""From what the platform registers to a bare program that registers the same.

Owns the rows that `bare_program` reads, and the folder that the engine runs. Does not own the program itself.
"""

import json
import shutil
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from components.platform import Platform, PlatformArgs
from components.spec import Stack
from tests.bench import bare_program
from tools.environment import ROOT
from tools.recorder import record

Rows = list[dict[str, Any]]


def rows_of(spec: Stack, stack: str, kubeconfig: str) -> Rows:
    """Return what the platform of a specification registers, as plain data."""
    args = PlatformArgs(stack=stack, spec=spec, kubeconfig=kubeconfig)
    recording = record(lambda: Platform("platform", args), stack=stack)
    return [
        {
            "type": each.type,
            "name": each.name,
            # The recording has it as the wire marks secrets; the bare program makes it one again.
            "inputs": each.inputs | ({"kubeconfig": kubeconfig} if "kubeconfig" in each.inputs else {}),
            "urn": each.urn,
            "parent": each.parent,
            "depends_on": sorted(each.depends_on),
            # The wire names a provider by its URN and its id.
            "provider": each.provider.rpartition("::")[0],
            "version": None if each.type.startswith("gpu-platform:") else version("pulumi-kubernetes"),
        }
        for each in recording.resources
    ]


def write_program(folder: Path, rows: Rows, outputs: Mapping[str, object], *, typed: bool = False) -> Path:
    """Write a Pulumi program of the same project, and return its folder."""
    folder.mkdir(mode=0o700)
    shutil.copy(bare_program.__file__, folder / "__main__.py")
    (folder / "resources.json").write_text(json.dumps({"resources": rows, "outputs": outputs, "typed": typed}))
    (folder / ".venv").symlink_to(ROOT / ".venv")
    project = {"name": "gpu-platform", "runtime": {"name": "python", "options": {"virtualenv": ".venv"}}}
    (folder / "Pulumi.yaml").write_text(json.dumps(project))
    return folder
