"""What the bootstrap puts beside a binary, whose Pulumi it takes, and that catalog and Go modules agree."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.unit.tiny_tools import REPOSITORY, tiny_tool, write_module, write_script
from tools.toolchain import ToolchainError, Workshop
from tools.toolchain.catalog import CATALOG, Copy, Tool
from tools.toolchain.store import Store

_MODULES = REPOSITORY / "tools" / "go"
_DATA = "example.test/data"
_EMBEDDING = """package main

import _ "embed"

//go:embed schema.json
var schema string

func main() { print(schema) }
"""


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Publish a module on a proxy of files, and return the Go modules of a tool that pins it."""
    versions = tmp_path / "proxy" / _DATA / "@v"
    versions.mkdir(parents=True)
    definition = f"module {_DATA}\n\ngo 1.26.0\n"
    (versions / "v1.0.0.info").write_text('{"Version": "v1.0.0"}')
    (versions / "v1.0.0.mod").write_text(definition)
    files = {"go.mod": definition, "crds/a.yaml": "kind: A\n", "run": "#!/bin/sh\n", "schema.json": '{"name": "x"}'}
    with zipfile.ZipFile(versions / "v1.0.0.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{_DATA}@v1.0.0/{name}", text)
    write_module(tmp_path / "go" / "tiny", _EMBEDDING)
    with (tmp_path / "go" / "tiny" / "go.mod").open("a") as file:
        file.write(f"\nrequire {_DATA} v1.0.0\n")
    monkeypatch.setenv("GOPROXY", f"file://{tmp_path / 'proxy'}")
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "modules"))
    # Makes go.sum complete once, as a developer does; the build itself then runs with the defaults. The option keeps
    # the module cache removable.
    once = {**os.environ, "GOFLAGS": "-modcacherw -mod=mod", "GONOSUMDB": "*", "GOWORK": "off"}
    subprocess.run(["go", "mod", "download", _DATA], cwd=tmp_path / "go" / "tiny", env=once, check=True)
    return tmp_path / "go"


def _shop(modules: Path, tool: Tool) -> Workshop:
    return Workshop(tools=(tool,), modules=modules, store=Store(root=modules.parent / "cache"))


def test_what_a_tool_embeds_and_copies_comes_out_of_the_pinned_module(published: Path) -> None:
    tool = dataclasses.replace(
        tiny_tool(),
        embeds=(Copy(module=_DATA, source="schema.json", target="schema.json", json_version="4.2.0"),),
        copies=(
            Copy(module=_DATA, source="crds", target="assets/crds"),
            Copy(module=_DATA, source="run", target="bin/run", executable=True),
        ),
        scripts={"host": "#!/bin/sh\necho hosted\n"},
        plugin="resource-tiny-v1.0.0",
    )
    toolchain = _shop(published, tool).ensure(progress=io.StringIO())
    binary = toolchain.binary("tiny")
    embedded = subprocess.run([binary], capture_output=True, text=True, check=True).stderr
    assert json.loads(embedded) == {"name": "x", "version": "4.2.0"}
    assert (toolchain.assets("tiny") / "crds" / "a.yaml").read_text() == "kind: A\n"
    assert os.access(binary.with_name("run"), os.X_OK), "the module cache drops run bits"
    assert subprocess.run([binary.with_name("host")], capture_output=True, check=True).stdout == b"hosted\n"
    assert toolchain.plugins() == {"resource-tiny-v1.0.0": binary.parent}
    assert not (published / "tiny" / "schema.json").exists(), "the checkout is only read"


def test_a_file_that_the_module_lacks_is_named(published: Path) -> None:
    tool = dataclasses.replace(tiny_tool(), embeds=(Copy(module=_DATA, source="gone.json", target="schema.json"),))
    with pytest.raises(ToolchainError, match=r"tiny: example\.test/data has no gone\.json"):
        _shop(published, tool).ensure(progress=io.StringIO())


@pytest.mark.parametrize(
    ("version", "host", "taken"),
    [("v3.260.0", True, True), ("v3.259.0", True, True), ("v3.100.9", True, False), ("v3.260.0", False, False)],
    ids=["newer", "the same", "older", "without its language host"],
)
def test_an_official_pulumi_is_taken_where_it_is_whole_and_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, host: bool, taken: bool
) -> None:
    write_module(tmp_path / "go" / "pulumi")
    write_script(tmp_path / "path" / "pulumi", f"echo {version}")
    if host:
        write_script(tmp_path / "path" / "pulumi-language-python", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path / "path"), prepend=os.pathsep)
    store = Store(root=tmp_path / "cache")
    shop = Workshop(tools=(tiny_tool("pulumi", "3.259.0"),), modules=tmp_path / "go", store=store)
    toolchain = shop.ensure(progress=io.StringIO())
    assert toolchain.official_pulumi is taken
    assert toolchain.binary("pulumi").is_relative_to(tmp_path / ("path" if taken else "cache"))


def test_the_catalog_and_the_go_modules_name_the_same_tools() -> None:
    folders = {path.name for path in _MODULES.iterdir() if path.is_dir()}
    assert folders == {tool.name for tool in CATALOG}


@pytest.mark.parametrize("tool", CATALOG, ids=lambda tool: tool.name)
def test_a_module_pins_what_the_catalog_says(tool: Tool) -> None:
    folder = _MODULES / tool.name
    required = dict(re.findall(r"^(?:require)?\s*(\S+) (v\S+)", (folder / "go.mod").read_text(), re.MULTILINE))
    assert required.get(tool.module) == tool.pin
    sums = (folder / "go.sum").read_text()
    for module in {tool.module, *(copy.module for copy in (*tool.embeds, *tool.copies))}:
        assert f"{module} {required[module]} h1:" in sums, f"go.sum must hold the content of {module}"


@pytest.mark.parametrize("tool", CATALOG, ids=lambda tool: tool.name)
def test_a_build_needs_no_change_of_go_mod(tool: Tool) -> None:
    text = (_MODULES / tool.name / "go.mod").read_text()
    assert not re.search(r"=> \.{0,2}/", text), "no folder of this machine"
    for package in tool.binaries.values():
        if package == ".":
            assert (_MODULES / tool.name / "main.go").is_file()
        else:
            assert re.search(rf"^(tool|\t){re.escape(package)}$|^tool {re.escape(package)}$", text, re.MULTILINE)
