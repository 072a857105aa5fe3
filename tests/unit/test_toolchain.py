"""The bootstrap of the tools, on Go modules that compile in a moment: the real `go`, real locks, real signals."""

from __future__ import annotations

import dataclasses
import io
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.unit.tiny_tools import PROGRAM, Terminal, Tiny, slow_go, tiny_tool, until, write_module, write_script
from tools.toolchain import ToolchainError, Workshop
from tools.toolchain.store import Store


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    modules, cache = tmp_path / "go", tmp_path / "cache"
    write_module(modules / "tiny")
    return Tiny(Workshop(tools=(tiny_tool(),), modules=modules, store=Store(root=cache)), modules, cache)


def test_a_tool_is_built_with_its_version_stamped(tiny: Tiny) -> None:
    binary = tiny.ensure()
    answer = subprocess.run([binary], capture_output=True, text=True, check=True)
    assert answer.stderr == "1.0.0", "the linker flags of the catalog reach the binary"
    assert str(tiny.modules).encode() not in binary.read_bytes(), "a binary holds no path of this machine"


def test_a_second_run_starts_no_compiler_and_says_nothing(
    tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tiny.ensure()
    notes = tmp_path / "path" / "calls"
    write_script(tmp_path / "path" / "go", f'echo "$1" >>"{notes}"\nexec "{shutil.which("go")}" "$@"')
    monkeypatch.setenv("PATH", str(tmp_path / "path"), prepend=os.pathsep)
    progress = io.StringIO()
    assert tiny.ensure(progress) == first
    assert notes.read_text().split() == ["env"], "only the version of Go is asked for"
    assert progress.getvalue() == ""


def test_elsewhere_than_on_a_terminal_a_build_is_two_lines(tiny: Tiny) -> None:
    progress = io.StringIO()
    tiny.ensure(progress)
    assert re.fullmatch(r"building tiny 1\.0\.0 \.\.\.\nbuilt tiny 1\.0\.0 in \d+s\n", progress.getvalue())


def test_on_a_terminal_a_build_is_one_line_that_ticks(tiny: Tiny) -> None:
    terminal = Terminal()
    tiny.ensure(terminal)
    shown = terminal.getvalue()
    assert shown.count("\n") == 1, "the line is written over in place"
    assert shown.startswith("\r")
    assert re.search(r"built tiny 1\.0\.0 in \d+s\n$", shown)


def test_a_changed_source_file_makes_another_key(tiny: Tiny) -> None:
    before = tiny.ensure()
    (tiny.modules / "tiny" / "main.go").write_text(PROGRAM.replace("print(version)", 'print(version, "!")'))
    after = tiny.ensure()
    assert after != before
    assert before.is_file(), "the build of another checkout stays"


def test_the_expected_duration_is_no_part_of_the_key(tiny: Tiny) -> None:
    slower = dataclasses.replace(tiny_tool(), cold=99)
    tiny.ensure()
    Workshop(tools=(slower,), modules=tiny.modules, store=tiny.shop.store).ensure(progress=io.StringIO())
    assert len(tiny.built()) == 1


def test_a_failing_compile_names_the_tool_the_command_and_the_error(tiny: Tiny) -> None:
    (tiny.modules / "tiny" / "main.go").write_text("package main\n\nfunc main() { undefinedName() }\n")
    progress = io.StringIO()
    with pytest.raises(ToolchainError) as caught:
        tiny.ensure(progress)
    message = str(caught.value)
    assert message.startswith("tiny: `go build ")
    assert "undefined: undefinedName" in message, "the compiler's own words are shown"
    assert str(tiny.shop.store.log(tiny_tool())) in message
    assert "failed tiny 1.0.0 after" in progress.getvalue()
    assert not tiny.built(), "a failed build leaves no result"
    assert not list((tiny.cache / "building").iterdir()), "nor a half"


def test_a_long_failure_is_cut_to_its_last_twenty_lines(
    tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken = "for i in $(seq 1 50); do echo line-$i; done; exit 3"
    write_script(tmp_path / "path" / "go", f'[ "$1" = env ] && exec "{shutil.which("go")}" "$@"\n{spoken}')
    monkeypatch.setenv("PATH", str(tmp_path / "path"), prepend=os.pathsep)
    with pytest.raises(ToolchainError, match="exit code 3") as caught:
        tiny.ensure()
    lines = re.findall(r"line-(\d+)", str(caught.value))
    assert lines == [str(number) for number in range(31, 51)]


def test_a_killed_build_leaves_nothing_and_is_built_again(tiny: Tiny, tmp_path: Path) -> None:
    notes = slow_go(tmp_path / "path", 2)
    with tiny.start(tmp_path / "path") as process:
        until(notes.exists)
        process.send_signal(signal.SIGKILL)
    assert not tiny.built(), "half a build is never taken for a whole one"
    assert list((tiny.cache / "building" / "tiny").iterdir()), "the kill left its temporary folder"
    progress = io.StringIO()
    assert tiny.ensure(progress).is_file()
    assert "waiting for another build of tiny" in progress.getvalue(), "the orphaned compiler is waited for"
    assert not list((tiny.cache / "building").iterdir()), "the next run removes it"


def test_two_runs_at_once_build_once(tiny: Tiny, tmp_path: Path) -> None:
    notes = slow_go(tmp_path / "path", 1)
    with tiny.start(tmp_path / "path") as first, tiny.start(tmp_path / "path") as second:
        outputs = [process.communicate(timeout=60) for process in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], outputs
    assert outputs[0][0] == outputs[1][0], "both get the same binary"
    assert notes.read_text().split() == ["build"]


def test_without_go_one_line_says_how_to_get_it(tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolchainError, match=r"Go >= 1\.26 is needed and no `go` is on PATH: get it") as caught:
        tiny.ensure()
    assert "\n" not in str(caught.value)


def test_a_go_that_is_too_old_is_named(tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_script(tmp_path / "path" / "go", "printf 'go1.25.4\\nlinux\\namd64\\n'")
    monkeypatch.setenv("PATH", str(tmp_path / "path"), prepend=os.pathsep)
    with pytest.raises(ToolchainError, match=r"Go >= 1\.26 is needed, found go1\.25\.4: get it"):
        tiny.ensure()


def test_a_misspelt_tool_gets_a_suggestion(tiny: Tiny) -> None:
    with pytest.raises(ToolchainError, match="there is no tool 'tinny', only tiny; did you mean tiny"):
        tiny.shop.ensure(["tinny"], progress=io.StringIO())
