"""Shared defaults, amounts, and the reading of good stack files."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from components.spec import load_stack, stack_names
from components.spec.quantity import mebibytes, millicores, quantity
from components.spec.source import merged

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", stack_names(ROOT))
def test_a_committed_stack_file_is_valid(name: str) -> None:
    assert load_stack(ROOT, name).pools, "a stack without pools is refused"


def test_shared_defaults_reach_a_stack() -> None:
    assert load_stack(ROOT, "local").environment.owner == "platform-team", "the stack file itself names no owner"


def test_mappings_merge_key_by_key_and_other_values_replace() -> None:
    defaults = {"a": {"x": 1, "y": [1, 2]}, "b": 1}
    assert merged(defaults, {"a": {"y": [3]}, "c": 2}) == {"a": {"x": 1, "y": [3]}, "b": 1, "c": 2}


def test_null_removes_what_the_defaults_share() -> None:
    assert merged({"tenants": {"a": {}, "b": {}}}, {"tenants": {"a": None}}) == {"tenants": {"b": {}}}


def test_merging_leaves_the_defaults_as_they_are() -> None:
    defaults = {"a": {"x": 1}}
    merged(defaults, {"a": {"x": 2}})
    assert defaults == {"a": {"x": 1}}, "every stack of one process shares them"


def test_a_specification_can_not_be_changed() -> None:
    spec = load_stack(ROOT, "local")
    with pytest.raises(ValidationError):
        spec.environment.owner = "another"


@pytest.mark.parametrize(("text", "mib"), [("1Mi", 1), ("3Gi", 3072), ("2Ti", 2 * 1024 * 1024)])
def test_an_amount_is_read_in_mebibytes_and_written_back_the_same(text: str, mib: int) -> None:
    assert (mebibytes(text), quantity(mib)) == (mib, text)


@pytest.mark.parametrize(("amount", "text"), [(0, "0"), (1000, "1"), (1500, "1500m")])
def test_cpu_is_spelled_as_the_api_server_writes_it_back(amount: int, text: str) -> None:
    assert millicores(amount) == text
