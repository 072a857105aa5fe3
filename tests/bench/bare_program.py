"""A bare Pulumi program: registers the resources that a file lists, and knows nothing of the platform.

What the platform's program is measured against: the same types, names, inputs, parents, order and provider, from plain
data. It is copied as `__main__.py` beside its `resources.json`. Plain it uses no SDK but Pulumi's own; typed it uses
the classes of `pulumi_kubernetes` where there are some, whose import is most of what Python does here.
"""

import json
import re
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import pulumi


def register(rows: Iterable[dict[str, Any]], *, typed: bool = False) -> None:
    """Register each row; those that it refers to come before it."""
    known: dict[str, pulumi.Resource] = {}
    for row in rows:
        kind, name, inputs = row["type"], row["name"], row["inputs"]
        provider = known.get(row["provider"])
        options = pulumi.ResourceOptions(
            parent=known.get(row["parent"]),
            depends_on=[known[urn] for urn in row["depends_on"]],
            provider=provider if isinstance(provider, pulumi.ProviderResource) else None,
            version=row["version"],
        )
        if kind.startswith("pulumi:providers:"):
            secret = {**inputs, "kubeconfig": pulumi.Output.secret(inputs["kubeconfig"])}
            known[row["urn"]] = pulumi.ProviderResource(kind.rpartition(":")[2], name, secret, options)
        elif kind.startswith("gpu-platform:"):
            component = pulumi.ComponentResource(kind, name, inputs, options)
            component.register_outputs({})
            known[row["urn"]] = component
        elif typed and (made_by := _class_of(kind, inputs)):
            known[row["urn"]] = made_by(name, opts=options, **{_snake(key): value for key, value in inputs.items()})
        else:
            known[row["urn"]] = pulumi.CustomResource(kind, name, inputs, options)


def _class_of(kind: str, inputs: dict[str, Any]) -> Any:
    """Return the SDK's class of a token like `kubernetes:networking.k8s.io/v1:NetworkPolicy`, if it has one.

    Its classes take no status, which is what a simulated node consists of.
    """
    group, version, name = re.split("[/:]", kind.removeprefix("kubernetes:"))
    try:
        module = import_module(f"pulumi_kubernetes.{group.partition('.')[0]}.{version}")
    except ModuleNotFoundError:
        return None
    return None if "status" in inputs else getattr(module, name)


def _snake(key: str) -> str:
    return re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", key)


if __name__ == "__main__":
    listed = json.loads((Path(__file__).parent / "resources.json").read_text())
    register(listed["resources"], typed=listed["typed"])
    for name, value in listed["outputs"].items():
        pulumi.export(name, value)
