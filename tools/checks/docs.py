"""`make docs`: write the documents that are made from the code: the stack file's schema, the picture, the policies.

Owns which there are and where they lie; a test holds each against what this would write.
"""

from collections.abc import Callable
from pathlib import Path

from components.spec.schema import schema_text
from policies.document import render
from tools.checks.picture import readme_with_picture
from tools.environment import ROOT

GENERATED: dict[Path, Callable[[], str]] = {
    ROOT / "docs" / "stack.schema.json": schema_text,
    ROOT / "policies" / "README.md": render,
    ROOT / "README.md": readme_with_picture,
}


def run() -> int:
    """Write each that is not current."""
    for path, make in GENERATED.items():
        text = make()
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            print(f"wrote {path.relative_to(ROOT)}")
    return 0
