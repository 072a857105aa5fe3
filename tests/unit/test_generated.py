"""Documents that are made from the code are current."""

from pathlib import Path

import pytest

from tools.checks.docs import GENERATED


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.name)
def test_a_generated_document_is_current(path: Path) -> None:
    assert path.read_text() == GENERATED[path](), f"{path.name} is not what the code says: run `make docs`"
