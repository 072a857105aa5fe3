"""Where a stack's own files lie on this machine, and the settings that its engine runs with.

Owns the folder `.lab/<stack>`: the simulated cluster, the engine's state and its passphrase for stacks whose purpose is
`lab`, and the copy of the stack file that the engine may write to (its first run adds an encryption salt; the committed
file stays as it is). Does not own what is in the state.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from components.spec import SimulatedCluster, Stack
from tools.environment import PYTHON, ROOT
from tools.lab.layout import write_private
from tools.stack.errors import StackError
from tools.toolchain import Toolchain

_SALT = "encryptionsalt"


@dataclass(frozen=True, kw_only=True, slots=True)
class Workspace:
    """The files of one stack."""

    stack: str
    spec: Stack

    @property
    def folder(self) -> Path:
        """The stack's folder; only its owner may read it."""
        return ROOT / ".lab" / self.stack

    @property
    def cluster(self) -> Path:
        """The simulated cluster's folder."""
        return self.folder / "cluster"

    @property
    def local(self) -> bool:
        """Whether state is kept on this machine: only for stacks that are for trying things out."""
        return self.spec.environment.purpose == "lab"

    @property
    def simulated(self) -> bool:
        """Whether the lab makes this stack's cluster."""
        return isinstance(self.spec.cluster, SimulatedCluster)

    @property
    def home(self) -> Path:
        """The engine's home: its plugins, and no account of anyone's."""
        return self.folder / "pulumi"

    @property
    def state(self) -> Path:
        """The folder of a local state."""
        return self.folder / "state"

    @property
    def passphrase(self) -> Path:
        """What encrypts the secrets of a local state."""
        return self.folder / "passphrase"

    @property
    def config_file(self) -> Path:
        """The stack file that the engine reads: the lab's copy, or the committed one."""
        return self.folder / self.source.name if self.local else self.source

    @property
    def source(self) -> Path:
        """The committed stack file."""
        return ROOT / "stacks" / f"Pulumi.{self.stack}.yaml"

    @property
    def kubeconfig(self) -> Path:
        """The cluster's kubeconfig."""
        if self.simulated:
            return self.cluster / "kubeconfig"
        return ROOT / Path(self.spec.cluster.kubeconfig or "").expanduser()

    def prepare(self) -> None:
        """Write the files that a run needs. Raises StackError where a real stack's state would not be safe."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.local:
            _require_safe_state(self)
            return
        self.state.mkdir(mode=0o700, exist_ok=True)
        if not self.passphrase.exists():
            write_private(self.passphrase, secrets.token_urlsafe(32))
        # What the engine needs to make the stack here: its project, and no other folder for stack files.
        project = cast("dict[str, Any]", yaml.safe_load((ROOT / "Pulumi.yaml").read_text()))
        write_private(self.folder / "Pulumi.yaml", yaml.safe_dump({key: project[key] for key in ("name", "runtime")}))
        copy = cast("dict[str, Any]", yaml.safe_load(self.source.read_text()))
        # A salt belongs to a passphrase, and this folder has its own.
        copy.pop(_SALT, None)
        if self.config_file.exists():
            before = cast("dict[str, Any]", yaml.safe_load(self.config_file.read_text()) or {})
            copy |= {_SALT: before[_SALT]} if _SALT in before else {}
        if self.simulated:
            copy["config"]["gpu-platform:cluster"]["kubeconfig"] = str(self.kubeconfig)
        write_private(self.config_file, yaml.safe_dump(copy, sort_keys=False))


def engine_environment(workspace: Workspace, toolchain: Toolchain) -> dict[str, str]:
    """Return the environment of the engine: its own home, our plugins, nothing downloaded, nothing asked."""
    for name, folder in toolchain.plugins().items():
        # The engine skips links among its plugin folders, so the folder is real and what it holds is linked.
        plugin = workspace.home / "plugins" / name
        plugin.mkdir(mode=0o700, parents=True, exist_ok=True)
        for binary in folder.iterdir():
            link = plugin / binary.name
            if not link.is_symlink() or link.readlink() != binary:
                link.unlink(missing_ok=True)
                link.symlink_to(binary)
    environment = {
        **os.environ,
        "PULUMI_HOME": str(workspace.home),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # `--event-log` is a debugging flag; the Automation API switches it on the same way.
        "PULUMI_DEBUG_COMMANDS": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "GPU_PLATFORM_PYTHON": str(PYTHON),
        "GPU_PLATFORM_LANGUAGE_HOST": str(ROOT / "tools" / "langhost"),
    }
    # A shell's own cluster must never be meant: the program's provider is explicit.
    environment.pop("KUBECONFIG", None)
    if workspace.local:
        environment |= {
            # Without `metadata=skip` a file of attributes lies beside the state, written in place: killed while it is,
            # the engine can't load the state any more ("failed to load checkpoint: EOF").
            "PULUMI_BACKEND_URL": f"{workspace.state.as_uri()}?metadata=skip",
            "PULUMI_CONFIG_PASSPHRASE_FILE": str(workspace.passphrase),
        }
        environment.pop("PULUMI_CONFIG_PASSPHRASE", None)
    return environment


def _require_safe_state(workspace: Workspace) -> None:
    purpose = workspace.spec.environment.purpose
    backend = os.environ.get("PULUMI_BACKEND_URL", "")
    if not backend or backend.startswith("file:"):
        raise StackError(
            f"stack '{workspace.stack}' has purpose '{purpose}', so its state can't be on this machine alone.\n"
            "Set PULUMI_BACKEND_URL to a bucket (s3://..., gs://..., azblob://...) or a Pulumi service, or say "
            "`purpose: lab` for a stack that may be lost."
        )
    stack_file = cast("dict[str, object]", yaml.safe_load(workspace.source.read_text()))
    provider = str(stack_file.get("secretsprovider", ""))
    if not provider.startswith(("awskms:", "gcpkms:", "azurekeyvault:", "hashivault:")):
        raise StackError(
            f"stack '{workspace.stack}' has purpose '{purpose}', so its secrets need a key service.\n"
            f"Run `pulumi stack init {workspace.stack} --secrets-provider=awskms://KEY` (or gcpkms://KEY), which notes "
            "it in the stack file."
        )
