"""What a user reads when a tool cannot be had: one message, no traceback."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

_TAIL = 20


class ToolchainError(Exception):
    """A tool cannot be built or found; the message says which, why, and what to do."""


def build_failed(tool: str, command: Sequence[str], code: int, log: Path) -> ToolchainError:
    """Name the tool and the command, and show the end of what the command said."""
    lines = log.read_text(errors="replace").splitlines()
    shown = "\n".join(f"  {line}" for line in lines[-_TAIL:]) or "  (no output)"
    how = f"was ended by signal {-code}" if code < 0 else f"failed with exit code {code}"
    hint = "\nOut of memory? Compiling takes up to 3 GB." if code == -9 else ""
    return ToolchainError(f"{tool}: `{' '.join(command)}` {how}:\n{shown}\nFull log: {log}{hint}")
