"""Each rule against its cases, run as the SDK would run them."""

import copy
from typing import Any

import pytest

from tests.policies.cases import Case, cases
from tests.policies.harness import Given, judge

SECRET = "hunter2-planted-secret"  # noqa: S105 - planted to see that no message repeats it


def _parametrize(sort: str) -> pytest.MarkDecorator:
    every = cases(sort)
    return pytest.mark.parametrize("case", every.values(), ids=every.keys())


@_parametrize("PASSING")
def test_what_keeps_the_rule_passes_without_a_word(case: Case) -> None:
    rule, given = case
    assert judge(rule, *given).messages == [], "a compliant resource must be neither refused nor left open"


@_parametrize("VIOLATING")
def test_what_breaks_the_rule_is_a_violation(case: Case) -> None:
    rule, given = case
    assert judge(rule, *given).violations, "a broken rule must fail, whatever else is unknown"


@_parametrize("UNDECIDED")
def test_what_hangs_on_an_unknown_is_said_to_be_undecided(case: Case) -> None:
    rule, given = case
    verdict = judge(rule, *given)
    assert verdict.violations == [], "nothing is known to be wrong yet"
    assert all("not decided: " in message for message in verdict.undecided), "the reason must be said"
    assert len(verdict.undecided) == 1, "an unknown must never pass silently"


@pytest.mark.parametrize("sort", ["VIOLATING", "UNDECIDED"])
def test_no_message_repeats_a_value_that_may_be_secret(sort: str) -> None:
    for name, (rule, given) in cases(sort).items():
        messages = "\n".join(judge(rule, *map(_with_secrets, given)).messages)
        assert messages, f"{name}: planting secrets must not change the verdict"
        assert SECRET not in messages, f"{name}: {messages}"


def _with_secrets(given: Given) -> Given:
    return Given(given.type, _plant(copy.deepcopy(given.props)), given.name)


def _plant(value: Any) -> Any:
    """Puts the secret wherever a value, rather than a name, may lie."""
    if isinstance(value, list):
        return [_plant(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(value, dict):
        return value
    planted: dict[str, Any] = {key: _plant(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if "image" in planted:
        planted |= {"env": [{"name": "TOKEN", "value": SECRET}], "args": [SECRET], "command": [SECRET]}
        if planted["image"] in ("vllm", "vllm:latest"):
            planted["image"] = f"{SECRET}/{planted['image']}"
    if "effect" in planted:
        planted["value"] = SECRET
    if isinstance(planted.get("metadata"), dict):
        planted["metadata"]["annotations"] = {"token": SECRET}
    return planted
