"""The Python environment of a program or policy pack: its interpreter, variables, plugins and distributions.

Owns reading an environment. Not making one: `make` installs the locked requirements before the engine starts.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import cast

_REQUIREMENT = re.compile(r"[A-Za-z0-9._-]+")


class NoEnvironmentError(Exception):
    """The `virtualenv` option names a folder that is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plugin:
    """A provider plugin that an installed package needs."""

    name: str
    version: str
    server: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Environment:
    """One interpreter with its packages. `folder` is None for the interpreter of this process."""

    folder: Path | None

    @property
    def python(self) -> str:
        """The interpreter's path."""
        return sys.executable if self.folder is None else str(self.folder / "bin" / "python")

    def version(self) -> str:
        """The interpreter's version."""
        said = subprocess.run([self.python, "--version"], check=True, capture_output=True, text=True).stdout
        return said.removeprefix("Python ").strip()

    def variables(self, base: Mapping[str, str]) -> dict[str, str]:
        """`base` as activating the environment would leave it."""
        result = dict(base)
        folder = self.folder or (Path(sys.prefix) if sys.prefix != sys.base_prefix else None)
        if folder is not None:
            result.pop("PYTHONHOME", None)
            result["VIRTUAL_ENV"] = str(folder)
            result["PATH"] = os.pathsep.join(filter(None, (str(folder / "bin"), result.get("PATH"))))
        return result

    def plugins(self) -> list[Plugin]:
        """What the installed packages ask for, each in a `pulumi-plugin.json` of its own."""
        found = (self._plugin(path) for site in self._sites() for path in sorted(site.glob("*/pulumi-plugin.json")))
        return [plugin for plugin in found if plugin is not None]

    def distributions(self, *, transitive: bool) -> list[tuple[str, str]]:
        """Name and version of what is installed; without `transitive` only what no other asks for."""
        installed = list(metadata.distributions(path=[str(site) for site in self._sites()]))
        versions = {_canonical(one.metadata["Name"]): one.version for one in installed}
        if not transitive:
            for one in installed:
                for requirement in one.requires or ():
                    name = _REQUIREMENT.match(requirement)
                    if name is not None and "extra ==" not in requirement:
                        versions.pop(_canonical(name[0]), None)
        return sorted(versions.items())

    def _sites(self) -> Iterator[Path]:
        if self.folder is not None:
            yield from sorted(self.folder.glob("lib/python*/site-packages"))
        else:
            yield from (Path(entry) for entry in sys.path if entry.endswith("-packages"))

    def _plugin(self, path: Path) -> Plugin | None:
        fields = cast("dict[str, object]", json.loads(path.read_text(encoding="utf-8")))
        if fields.get("resource") is not True:
            return None
        package = path.parent.name
        version = fields.get("version") or next(
            (v for name, v in self.distributions(transitive=True) if name == _canonical(package)), ""
        )
        name = fields.get("name") or package.removeprefix("pulumi_").replace("_", "-")
        return Plugin(name=str(name), version=str(version), server=str(fields.get("server") or ""))


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def environment_of(root: Path, options: Mapping[str, object]) -> Environment:
    """The environment that `options` name, relative to `root`; this process's own when they name none."""
    option = options.get("virtualenv")
    if not option:
        return Environment(folder=None)
    folder = root / str(option)
    if not (folder / "bin" / "python").is_file():
        raise NoEnvironmentError(
            f"the option 'virtualenv' is {str(option)!r}, but {folder} is not a virtual environment; make sets it up"
        )
    return Environment(folder=folder)
