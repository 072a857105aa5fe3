"""What a stack may configure of a rule: schema, values, and the answer to a misspelt key, which the SDK accepts."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, cast

from policies.frame.rule import Rule, Settings, Violation


def schema(rule: Rule) -> dict[str, dict[str, Any]]:
    """The JSON schema of the rule's settings. With defaults: `initial_config` would turn the rule into an advisory."""
    return {
        setting.name: {
            "type": "array",
            "items": {"type": "string"},
            "description": setting.description,
            "default": list(setting.default),
        }
        for setting in rule.settings
    }


def resolve(rule: Rule, config: Mapping[str, Any]) -> Settings:
    """Each setting's value: what is configured, or its default."""
    return {setting.name: _strings(config.get(setting.name), setting.default) for setting in rule.settings}


def misspelt(rule: Rule, config: Mapping[str, Any]) -> Iterator[Violation]:
    """A violation for each configured key that the rule does not have: it would guard less than it seems to."""
    names = [setting.name for setting in rule.settings]
    for key in config:
        if key not in names and key != "enforcementLevel":
            near = get_close_matches(key, names, n=1)
            hint = f"did you mean {near[0]}?" if near else f"permitted: {', '.join(names) or 'none'}"
            yield Violation(f"the policy configuration has no setting {key!r} for this rule; {hint}")


def _strings(value: object, default: tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(item for item in cast("Sequence[object]", value) if isinstance(item, str))
    return default
