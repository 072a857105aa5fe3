"""Starts the pack's server. Owns the only `PolicyPack(...)`, which serves until it is killed: never import this."""

import sys
from pathlib import Path

# The engine runs this file with the pack's own folder first on sys.path, while the tests import the same modules as
# `policies.…`. With the repository's root first, the same import lines work for both.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pulumi_policy import EnforcementLevel, PolicyPack

from policies.frame.sdk import to_policy
from policies.registry import RULES

if __name__ == "__main__":
    PolicyPack(
        name="gpu-platform",
        enforcement_level=EnforcementLevel.MANDATORY,
        policies=[to_policy(rule) for rule in RULES],
    )
