"""Hands rules to pulumi-policy. The only module, with `__main__` and `reading`, that knows how the SDK works.

A rule says what is violated and what can't be decided. A violation is reported at the rule's own level. What can't be
decided is an advisory: unknowns exist in previews alone, and the update judges the same resource again before it is
made, with every value known. (Whether this is a preview can't be asked: the SDK drops what the engine tells it.)
"""

from collections.abc import Iterable

from pulumi_policy import (
    Policy,
    PolicyComplianceFramework,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UNKNOWN_OBJECT_VALUE, UnknownValueError

from policies.frame.reading import Node
from policies.frame.rule import Finding, Resource, ResourceRule, Rule, StackRule, Violation
from policies.frame.settings import misspelt, resolve, schema

# A stack of a thousand namespaces would otherwise fill the screen with one advisory.
_REASONS = 3


class NotDecidedError(UnknownValueError):
    """Tells the SDK that a policy could not be decided.

    The report callback only knows the policy's own level; this exception is the SDK's one way to add an advisory to a
    mandatory policy. It keeps what was reported before, so it is raised last.
    """

    def __init__(self, reasons: Iterable[str]) -> None:
        super().__init__(UNKNOWN_OBJECT_VALUE, [])
        said = list(dict.fromkeys(reasons))
        more = f"; and {len(said) - _REASONS} more" if len(said) > _REASONS else ""
        self.message = f"not decided: {'; '.join(said[:_REASONS])}{more}. The update decides it."


def to_policy(rule: ResourceRule | StackRule) -> Policy:
    """The SDK's policy for a rule."""
    return _resource_policy(rule) if isinstance(rule, ResourceRule) else _stack_policy(rule)


def _resource_policy(rule: ResourceRule) -> Policy:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if not rule.applies(args.resource_type):
            return
        config = args.get_config()
        resource = Resource(args.resource_type, args.name, args.urn, Node(args.props))
        _report([*misspelt(rule, config), *rule.check(resource, resolve(rule, config))], report)

    return ResourceValidationPolicy(
        name=rule.id,
        description=rule.title,
        validate=validate,
        enforcement_level=rule.level,
        config_schema=_config_schema(rule),
        display_name=rule.title,
        severity=rule.severity,
        framework=_framework(rule),
        tags=_tags(rule),
        remediation_steps=rule.remediation,
    )


def _stack_policy(rule: StackRule) -> Policy:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        config = args.get_config()
        resources = tuple(Resource(r.resource_type, r.name, r.urn, Node(r.props)) for r in args.resources)
        _report([*misspelt(rule, config), *rule.check(resources, resolve(rule, config))], report)

    return StackValidationPolicy(
        name=rule.id,
        description=rule.title,
        validate=validate,
        enforcement_level=rule.level,
        config_schema=_config_schema(rule),
        display_name=rule.title,
        severity=rule.severity,
        framework=_framework(rule),
        tags=_tags(rule),
        remediation_steps=rule.remediation,
    )


def _report(findings: Iterable[Finding], report: ReportViolation) -> None:
    undecided: list[str] = []
    for finding in findings:
        if isinstance(finding, Violation):
            report(finding.message, finding.urn)
        else:
            undecided.append(finding.reason)
    if undecided:
        raise NotDecidedError(undecided)


def _config_schema(rule: Rule) -> PolicyConfigSchema | None:
    return PolicyConfigSchema(properties=schema(rule)) if rule.settings else None


def _framework(rule: Rule) -> PolicyComplianceFramework | None:
    # The SDK has room for one framework; the others go along as tags.
    if not rule.references:
        return None
    first = rule.references[0]
    return PolicyComplianceFramework(name=first.framework, reference=first.id)


def _tags(rule: Rule) -> list[str]:
    return [f"{reference.framework} {reference.id}" for reference in rule.references]
