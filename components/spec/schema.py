"""The JSON Schema of a stack file, so that editors complete and check it as it is typed.

Owns the schema, generated from the model. It is weaker than ``load`` on purpose: nothing is required in it, because
what a stack file leaves out may come from the shared defaults.
"""

import json
from typing import Any, cast

from components.spec.files import PROJECT
from components.spec.model import Stack


def schema() -> dict[str, Any]:
    """Return the schema of ``stacks/Pulumi.<stack>.yaml`` (JSON Schema 2020-12)."""
    generated = cast("dict[str, Any]", _loosened(Stack.model_json_schema()))
    sections = {f"{PROJECT}:{name}": section for name, section in generated["properties"].items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "GPU Platform stack file",
        "description": "One environment on one cluster, by intent.",
        "type": "object",
        "properties": {
            "config": {"type": "object", "additionalProperties": False, "properties": sections},
            # Pulumi's own keys, which it writes by itself.
            **{key: {"type": "string"} for key in ("encryptionsalt", "encryptedkey", "secretsprovider")},
        },
        "additionalProperties": False,
        "$defs": generated["$defs"],
    }


def schema_text() -> str:
    """Return the schema as the committed file holds it."""
    return json.dumps(schema(), indent=2) + "\n"


def _loosened(node: object) -> object:
    """Permit what is only part of a stack: no field is required, and `null` removes an entry that is shared.

    A part may fit two kinds of an entry, so `oneOf` becomes `anyOf`.
    """
    if isinstance(node, list):
        return [_loosened(item) for item in cast("list[object]", node)]
    if not isinstance(node, dict):
        return node
    fields = cast("dict[str, object]", node)
    kept = {
        "anyOf" if key == "oneOf" else key: _loosened(value)
        for key, value in fields.items()
        if key not in ("required", "discriminator")
    }
    if isinstance(entries := kept.get("patternProperties"), dict):
        named = cast("dict[str, object]", entries)
        kept["patternProperties"] = {key: {"anyOf": [value, {"type": "null"}]} for key, value in named.items()}
        kept["additionalProperties"] = False
    return kept
