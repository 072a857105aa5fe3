"""The cases of each rule, one file a rule under the rule's own file name."""

from importlib import import_module
from typing import Any

from policies.frame.rule import ResourceRule, StackRule
from policies.registry import RULES
from tests.policies.harness import Given

Case = tuple[ResourceRule | StackRule, list[Given]]


def module_of(rule: ResourceRule | StackRule) -> str:
    """The file name that a rule and its cases share."""
    return rule.id.replace("-", "_")


def cases(sort: str) -> dict[str, Case]:
    """Every case of a sort (PASSING, VIOLATING, UNDECIDED), under a name to read in the test's output."""
    return {f"{rule.id}: {name}": (rule, given) for rule in RULES for name, given in _of(rule, sort).items()}


def _of(rule: ResourceRule | StackRule, sort: str) -> dict[str, Any]:
    return getattr(import_module(f"tests.policies.cases.{module_of(rule)}"), sort)
