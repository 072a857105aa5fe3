"""Nothing that belongs to a rule is missing: its place in the registry, metadata, cases, documentation."""

import json
from pathlib import Path

import pytest
from pulumi_policy import Policy

from policies import document, registry, rules
from policies.frame.rule import ResourceRule, StackRule
from policies.frame.sdk import to_policy
from tests.policies.cases import cases, module_of
from tests.policies.harness import judge

RULES = Path(rules.__path__[0])
CASES = Path(__file__).with_name("cases")
every_rule = pytest.mark.parametrize("rule", registry.RULES, ids=lambda rule: rule.id)


def _modules(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.py")} - {"__init__"}


def test_every_file_of_a_rule_is_registered_under_its_own_name() -> None:
    assert {module_of(rule) for rule in registry.RULES} == _modules(RULES), "a file and the registry disagree"


def test_no_two_rules_share_an_id() -> None:
    assert len({rule.id for rule in registry.RULES}) == len(registry.RULES)


def test_every_rule_has_a_file_of_cases() -> None:
    assert _modules(CASES) == _modules(RULES), "rules and their cases disagree"


@every_rule
@pytest.mark.parametrize("sort", ["PASSING", "VIOLATING", "UNDECIDED"])
def test_every_rule_has_cases_of_every_sort(rule: ResourceRule | StackRule, sort: str) -> None:
    assert any(of is rule for of, _ in cases(sort).values()), f"{rule.id} has no {sort} case"


@every_rule
def test_every_rule_states_all_of_its_metadata(rule: ResourceRule | StackRule) -> None:
    for name in ("id", "title", "why", "remediation", "example"):
        assert getattr(rule, name).strip(), f"{rule.id} has no {name}"
    assert rule.title.endswith("."), "titles are sentences: the engine prints them above the message"


@every_rule
def test_every_example_is_a_message_that_a_case_really_gives(rule: ResourceRule | StackRule) -> None:
    given = [judge(of, *resources).violations for of, resources in cases("VIOLATING").values() if of is rule]
    assert rule.example in [message for messages in given for message in messages]


@every_rule
def test_every_rule_becomes_a_mandatory_policy_with_its_metadata(rule: ResourceRule | StackRule) -> None:
    policy: Policy = to_policy(rule)
    assert (policy.name, policy.description, policy.enforcement_level) == (rule.id, rule.title, rule.level)
    assert (policy.severity, policy.remediation_steps) == (rule.severity, rule.remediation)
    assert policy.tags == [f"{each.framework} {each.id}" for each in rule.references]
    if rule.settings:
        assert policy.config_schema is not None
        json.dumps(policy.config_schema.properties)


def test_the_documentation_is_what_the_metadata_says() -> None:
    written = document.PAGE.read_text(encoding="utf-8")
    assert written == document.render(), "run: python -m policies.document"


@every_rule
def test_every_rule_has_a_row_and_a_section_in_the_documentation(rule: ResourceRule | StackRule) -> None:
    page = document.render()
    assert f"| [`{rule.id}`](#{rule.id}) |" in page
    assert f"\n## {rule.id}\n" in page
