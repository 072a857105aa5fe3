"""The stack file's schema: what editors are told must be what the loader takes."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from components.spec.schema import schema

ROOT = Path(__file__).parents[2]
STACK_FILES = sorted((ROOT / "stacks").glob("Pulumi.*.yaml"))


def _errors(stack: Any) -> list[str]:
    validator: Any = Draft202012Validator(schema())  # its stubs say less than it does
    return [error.message for error in validator.iter_errors(stack)]


def test_the_schema_is_itself_valid() -> None:
    Draft202012Validator.check_schema(schema())
    assert schema()["properties"]["config"]["properties"], "an empty schema would accept everything"


@pytest.mark.parametrize("file", STACK_FILES, ids=lambda file: file.name)
def test_a_committed_stack_file_names_the_schema_and_satisfies_it(file: Path) -> None:
    first = file.read_text().splitlines()[0]
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert (file.parent / named).resolve() == ROOT / "docs" / "stack.schema.json", (
        "editors find the schema by this line"
    )
    assert _errors(yaml.safe_load(file.read_text())) == []


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("pools", {"h100": {"acelerator": "h100"}}),
        ("pools", {"h100": {"accelerator": "h1000"}}),
        ("pools", {"Not A Name": {"vcpu": 4}}),
        ("pools", {"cpu": {"memory": "32GB"}}),
        ("tenants", {"vision": {"quota": {"storage": 3}}}),
        ("cluster", {"backend": "simulatd"}),
        ("environment", {"purpose": "production"}),
        ("tennants", {}),
    ],
)
def test_the_schema_marks_a_mistake_as_it_is_typed(section: str, value: Any) -> None:
    assert _errors({"config": {f"gpu-platform:{section}": value}}), "an editor would show nothing here"


@pytest.mark.parametrize("value", [{"h100": None}, {"h100": {"nodes": {"max": 8}}}])
def test_the_schema_permits_what_only_makes_sense_over_the_shared_defaults(value: Any) -> None:
    assert _errors({"config": {"gpu-platform:pools": value}}) == []
