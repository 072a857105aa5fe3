"""A running lab for every test that asks for one.

Owns starting it once for a whole run, and that nothing of it remains. It does not own what tests put into it: each uses
names of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.platform import platform, platform_checkout, platform_up
from tools.lab import Lab
from tools.toolchain import Toolchain, ensure

__all__ = ["platform", "platform_checkout", "platform_up"]


@pytest.fixture(scope="session")
def toolchain() -> Toolchain:
    return ensure(("etcd", "control-plane", "kwok", "kueue"), progress=sys.stderr)


@pytest.fixture(scope="session")
def running_lab(toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = Lab(tmp_path_factory.mktemp("lab") / "first", toolchain)
    try:
        lab.start(print)
        yield lab
    finally:
        lab.reset()


@pytest.fixture
def lab(running_lab: Lab) -> Lab:
    """Return the lab of this run with everything up, whatever the test before did to it."""
    running_lab.start()
    return running_lab


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "lab"
