"""`python -m tools.toolchain [names]`: have these tools, or all, in the cache."""

from __future__ import annotations

import sys

from tools.toolchain import ToolchainError, ensure
from tools.toolchain.store import default_root


def main(names: list[str]) -> int:
    """Build what is missing; return the exit code."""
    try:
        toolchain = ensure(names or None, progress=sys.stderr)
    except ToolchainError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    ours = f"{len(toolchain.folders)} tools in {default_root()}"
    print(f"{ours}; pulumi: {toolchain.official}" if toolchain.official_pulumi else ours)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
