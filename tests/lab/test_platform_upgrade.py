"""Today's program over the state of an earlier release: nothing is replaced, nothing is deleted."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.checkout import Checkout, copy_checkout
from tests.lab.platform import Platform
from tests.upgrade import export

pytestmark = [pytest.mark.lab, pytest.mark.enable_socket]

RELEASES = sorted(export.FOLDER.glob("v*.json"))


@pytest.fixture
def upgraded(platform: Platform, tmp_path: Path) -> Checkout:
    """Return a checkout with an empty state of its own, on the cluster of the platform's."""
    checkout = copy_checkout(tmp_path / "checkout")
    folder = checkout.root / ".lab" / "local"
    folder.mkdir(mode=0o700, parents=True)
    (folder / "cluster").symlink_to(platform.lab.folder)
    return checkout


def test_there_is_a_state_of_the_first_release() -> None:
    assert export.FOLDER / "v0.1.0.json" in RELEASES


def _planned(printed: str) -> dict[str, int]:
    """Read a preview's counts: operation -> number of resources."""
    section = printed.partition("\nResources:\n")[2]
    return {operation: int(count) for count, operation in re.findall(r"(\d+) (?:to )?(\w+)", section)}


@pytest.mark.parametrize("release", RELEASES, ids=[each.stem for each in RELEASES])
def test_an_upgrade_replaces_nothing_and_deletes_nothing(upgraded: Checkout, release: Path) -> None:
    command = [sys.executable, "-m", "tests.upgrade.restore", str(release)]
    loaded = subprocess.run(command, cwd=upgraded.root, text=True, capture_output=True, check=False)
    assert loaded.returncode == 0, loaded.stdout + loaded.stderr
    before = {each["urn"] for each in upgraded.state()["resources"]}
    assert len(before) > 50, "the state was imported"
    previewed = upgraded.run("preview")
    assert previewed.returncode == 0, previewed.stdout + previewed.stderr
    planned = _planned(previewed.stdout)
    assert planned.keys() <= {"unchanged", "update", "create"}, previewed.stdout
    kept = planned.get("unchanged", 0) + planned.get("update", 0)
    assert kept == len(before), f"every resource of {release.stem} is kept: {planned}"
