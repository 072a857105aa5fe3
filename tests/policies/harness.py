"""Runs a rule as the SDK would: through protobuf, deserialised, wrapped, and by the policy that the pack would serve.

Raw dictionaries would hide what only the wrapped ones do: numbers are floats, and lists and objects are proxies.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from google.protobuf import json_format, struct_pb2
from pulumi_policy import (
    PolicyCustomTimeouts,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy import (
    ReportViolation as Report,
)
from pulumi_policy.deserialize import deserialize_properties
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError, unknown_checking_proxy

from policies.frame.rule import ResourceRule, StackRule
from policies.frame.sdk import to_policy

UNKNOWN = UNKNOWN_STRING_VALUE


@dataclass(frozen=True)
class Given:
    """A resource as a program states it."""

    type: str
    props: dict[str, Any]
    name: str = "it"

    @property
    def urn(self) -> str:
        return f"urn:pulumi:test::gpu-platform::{self.type}::{self.name}"


@dataclass
class Verdict:
    """What the engine would be told."""

    violations: list[str] = field(default_factory=list[str])
    undecided: list[str] = field(default_factory=list[str])
    urns: list[str | None] = field(default_factory=list[str | None])

    @property
    def messages(self) -> list[str]:
        return [*self.violations, *self.undecided]


def judge(rule: ResourceRule | StackRule, *given: Given, config: Mapping[str, Sequence[str]] | None = None) -> Verdict:
    """What the rule says of the resources, one by one or together, as its kind has it."""
    verdict = Verdict()

    def report(message: str, urn: str | None = None) -> None:
        verdict.violations.append(message)
        verdict.urns.append(urn)

    for validate in _validations(rule, given, config or {}):
        try:
            validate(report)
        except UnknownValueError as error:
            verdict.undecided.append(error.message)
    return verdict


def _validations(
    rule: ResourceRule | StackRule, given: Sequence[Given], config: Mapping[str, Any]
) -> list[Callable[[Report], object]]:
    policy = to_policy(rule)
    # The SDK types what `validate` returns incompletely; nothing here looks at it.
    validate = cast("Callable[[object, Report], object]", getattr(policy, "validate"))  # noqa: B009
    args: list[object] = (
        [StackValidationArgs([_resource(each) for each in given], config)]
        if isinstance(policy, StackValidationPolicy)
        else [
            ResourceValidationArgs(each.type, wrap(each.props), each.urn, each.name, _options(), None, config)
            for each in given
        ]
    )
    return [partial(validate, each) for each in args]


def wrap(props: dict[str, Any]) -> dict[str, Any]:
    """Properties as they reach a policy."""
    sent = struct_pb2.Struct()
    sent.update(props)
    return unknown_checking_proxy(deserialize_properties(json_format.MessageToDict(sent)))


def _resource(given: Given) -> PolicyResource:
    return PolicyResource(given.type, wrap(given.props), given.urn, given.name, _options(), None, None, [], {})


def _options() -> PolicyResourceOptions:
    return PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])
