"""The checkout's Python environment: made once, made again after a kill, and told of when it can't be made."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkout with its environment. Its requirements are empty, so nothing is fetched."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "environment.py", folder / "tools")
    for name in ("requirements.txt", "requirements-dev.txt"):
        (folder / name).write_text(f"# {name}: nothing\n")
    assert "installed in" in _ensure(folder, checks=True).stderr
    return folder


@pytest.fixture
def checkout(made: Path, tmp_path: Path) -> Path:
    """Return a copy of it for one test: making an environment takes seconds."""
    return shutil.copytree(made, tmp_path / "checkout", symlinks=True)


def _ensure(checkout: Path, *, checks: bool) -> subprocess.CompletedProcess[str]:
    program = f"from tools.environment import ensure; ensure(checks={checks})"
    return subprocess.run(
        [sys.executable, "-c", program], cwd=checkout, capture_output=True, text=True, check=False, timeout=120
    )


def test_a_second_run_does_nothing(checkout: Path) -> None:
    second = _ensure(checkout, checks=True)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


def test_the_checks_packages_serve_the_program_too(checkout: Path) -> None:
    assert _ensure(checkout, checks=False).stderr == "", "`make up` after `make test` must not install anything"


def test_changed_requirements_are_installed(checkout: Path) -> None:
    (checkout / "requirements-dev.txt").write_text("# now others\n")
    assert "installed in" in _ensure(checkout, checks=True).stderr


def test_what_has_no_hash_is_not_installed_and_is_tried_again(checkout: Path) -> None:
    (checkout / "package").mkdir()
    (checkout / "package" / "pyproject.toml").write_text("[project]\nname = 'package'\nversion = '1'\n")
    (checkout / "requirements-dev.txt").write_text(f"{checkout / 'package'}\n")
    for _ in range(2):
        result = _ensure(checkout, checks=True)
        assert result.returncode == 1
        assert "pip could not install requirements-dev.txt" in result.stderr
        assert "hash" in result.stderr, "an archive that was swapped must not get in"


def test_an_environment_that_was_half_made_is_made_anew(checkout: Path) -> None:
    (checkout / ".venv" / "bin" / "python").unlink()
    (checkout / ".venv" / "requirements.sha256").unlink()
    assert _ensure(checkout, checks=True).returncode == 0
    assert (checkout / ".venv" / "bin" / "python").exists()
