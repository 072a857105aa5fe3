"""Have every tool in the cache: build what is missing, one after another, and say where each lies.

Owns the order of a bootstrap: what is there already, who builds, when a result counts. The commands are `recipe`'s,
the folders `store`'s.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from tools.toolchain import golang, official, recipe
from tools.toolchain.catalog import CATALOG, Tool
from tools.toolchain.errors import ToolchainError
from tools.toolchain.progress import Line, span
from tools.toolchain.store import Store, default_root

_MODULES = Path(__file__).resolve().parent.parent / "go"
_PULUMI = "pulumi"


@dataclass(frozen=True, kw_only=True, slots=True)
class Toolchain:
    """The tools that were asked for, all of them built."""

    folders: Mapping[str, Path]
    """By tool; without Pulumi where the official one is used."""
    tools: Sequence[Tool]
    official: Path | None = None

    @property
    def official_pulumi(self) -> bool:
        """Whether Pulumi is the one that was installed here before, with its own language host."""
        return self.official is not None

    def binary(self, name: str) -> Path:
        """Return the program of that name."""
        if name == _PULUMI and self.official is not None:
            return self.official
        for tool in self.tools:
            if name in tool.binaries and tool.name in self.folders:
                return self.folders[tool.name] / "bin" / name
        raise ToolchainError(f"no tool of this toolchain has a binary {name!r}")

    def assets(self, tool: str) -> Path:
        """Return the folder of what was copied out of the tool's modules."""
        if tool not in self.folders:
            raise ToolchainError(f"{tool!r} is not in this toolchain")
        return self.folders[tool] / "assets"

    def plugins(self) -> dict[str, Path]:
        """Return, by the name of the folder in which Pulumi looks for a plugin, the folder with its binary.

        Pulumi lists plugins by `readdir` and skips symbolic links there: link the binary into a real folder.
        """
        found = {tool.plugin: tool.name for tool in self.tools if tool.plugin and tool.name in self.folders}
        return {plugin: self.folders[name] / "bin" for plugin, name in found.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Workshop:
    """What is built, from which folder of Go modules, into which cache."""

    tools: Sequence[Tool] = CATALOG
    modules: Path = _MODULES
    store: Store = field(default_factory=lambda: Store(root=default_root()))

    def ensure(self, names: Iterable[str] | None = None, *, progress: TextIO) -> Toolchain:
        """Build what is missing; print nothing where all is there."""
        chosen = self._choose(names)
        pinned = next((tool.version for tool in chosen if tool.name == _PULUMI), None)
        pulumi = official.find(pinned) if pinned else None
        if pulumi is not None:
            chosen = [tool for tool in chosen if tool.name != _PULUMI]
        go = golang.find()
        folders = {tool.name: self.store.folder(tool, self.modules / tool.name, go) for tool in chosen}
        missing = [tool for tool in chosen if not folders[tool.name].is_dir()]
        if len(missing) > 1:
            expected = span(sum(tool.cold for tool in missing))
            progress.write(f"{len(missing)} tools are built once; on 2 cores and from nothing that takes {expected}\n")
        for place, tool in enumerate(missing, start=1):
            where = f"[{place}/{len(missing)}] " if len(missing) > 1 else ""
            line = Line(out=progress, title=f"{tool.name} {tool.version}", prefix=where)
            folders[tool.name] = self._build(tool, go, line)
        return Toolchain(folders=folders, tools=tuple(chosen), official=pulumi)

    def _choose(self, names: Iterable[str] | None) -> list[Tool]:
        known = {tool.name: tool for tool in self.tools}
        wanted = list(known if names is None else names)
        for name in wanted:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise ToolchainError(f"there is no tool {name!r}, only {', '.join(known)}{hint}")
        return [tool for tool in self.tools if tool.name in wanted]

    def _build(self, tool: Tool, go: golang.Go, line: Line) -> Path:
        """Build one tool, unless another run does meanwhile; return its folder."""

        def wait() -> None:
            line.doing("waiting for another build of")

        with self.store.lock(tool, wait) as descriptor, self.store.scratch(tool) as scratch:
            bench = recipe.Bench(
                scratch=scratch,
                log=self.store.log(tool),
                inherited=descriptor,
                tick=lambda: line.doing("building"),
            )
            folder = self.store.folder(tool, recipe.stage(self.modules / tool.name, bench), go)
            if folder.is_dir():
                line.done("another run built")
                return folder
            line.doing("building")
            try:
                recipe.make(tool, bench).rename(folder)
            except BaseException:
                line.failed()
                raise
        line.done("built")
        return folder


def ensure(names: Iterable[str] | None = None, *, progress: TextIO) -> Toolchain:
    """Have the named tools of the catalog, or all, in the user's cache."""
    return Workshop().ensure(names, progress=progress)
