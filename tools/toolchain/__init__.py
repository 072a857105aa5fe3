"""The programs that everything else runs: built from pinned Go modules into the user's cache, once.

Owns what is built, where it lies and how a build is seen, locked and made whole or not at all. Does not start any of
them, and needs nothing but the standard library: it may run before any package is installed.
"""

from tools.toolchain.build import Toolchain, Workshop, ensure
from tools.toolchain.errors import ToolchainError

__all__ = ["Toolchain", "ToolchainError", "Workshop", "ensure"]
