"""States what a rule is: metadata, the settings it takes, and a pure function from resources to findings.

Owns the vocabulary that rules share. Knows nothing of the engine: `sdk` hands rules to it, `document` writes them down.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pulumi_policy import EnforcementLevel, Severity

from policies.frame.reading import Node


@dataclass(frozen=True, slots=True)
class Resource:
    """What a rule sees of a resource: a resource rule its inputs, a stack rule its outputs."""

    type: str
    name: str
    urn: str
    props: Node


@dataclass(frozen=True, slots=True)
class Violation:
    """A demand that is not met. The message names places and counts, never values: secrets arrive in the clear."""

    message: str
    urn: str | None = None


@dataclass(frozen=True, slots=True)
class NotDecided:
    """A demand that can't be checked yet, and why."""

    reason: str

    @staticmethod
    def because_of(node: Node) -> "NotDecided":
        """The usual reason: something there is not known before the update."""
        return NotDecided(f"{node.path or 'the properties'} can't be known yet")


Finding: TypeAlias = Violation | NotDecided
Findings: TypeAlias = Iterator[Finding]
Settings: TypeAlias = Mapping[str, tuple[str, ...]]


def demand(node: Node, holds: Callable[[Node], bool], message: str) -> Findings:
    """A violation where `holds` is false. `holds` is never asked about an unknown, which is not decided instead."""
    if node.unknown:
        yield NotDecided.because_of(node)
    elif not holds(node):
        yield Violation(message)


@dataclass(frozen=True, slots=True)
class Reference:
    """The same demand elsewhere: another tool's check, or a passage of a standard."""

    framework: str
    id: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A list of strings that a stack may configure, with the default that holds otherwise."""

    name: str
    description: str
    default: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What every rule states about itself. `example` is a message that its violating test case really gives."""

    id: str
    title: str
    why: str
    severity: Severity
    remediation: str
    example: str
    references: tuple[Reference, ...] = ()
    level: EnforcementLevel = EnforcementLevel.MANDATORY
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceRule(Rule):
    """A rule about one resource at a time, read from its inputs. `applies` looks at the type token alone: cheap."""

    applies: Callable[[str], bool]
    check: Callable[[Resource, Settings], Findings]


@dataclass(frozen=True, kw_only=True, slots=True)
class StackRule(Rule):
    """A rule about resources together, read from their outputs."""

    check: Callable[[tuple[Resource, ...], Settings], Findings]
