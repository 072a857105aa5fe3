"""A recording mock engine: runs a program against Pulumi's mocks and returns what it registered.

Owns recording, for the fast tests and for the documents that are drawn from the program. Each call starts afresh. What
it records was never seen by a provider or an API server, which the tests under ``tests/lab`` are for.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pulumi
from pulumi.runtime import mocks, settings


@dataclass(frozen=True, slots=True)
class Recorded:
    """One registered resource: its type token, name and inputs; the URNs of itself, its parent and what it waits for.

    ``before_create`` names the hooks that the engine would run first.
    """

    type: str
    name: str
    inputs: dict[str, Any]
    urn: str
    parent: str
    depends_on: tuple[str, ...]
    provider: str
    before_create: tuple[str, ...]

    @property
    def object_name(self) -> str:
        """The name of a Kubernetes object, with its namespace."""
        meta = self.inputs["metadata"]
        return f"{meta['namespace']}/{meta['name']}" if meta.get("namespace") else str(meta["name"])


@dataclass(slots=True)
class Recording:
    """All that one run registered, in order."""

    resources: list[Recorded] = field(default_factory=list[Recorded])

    def of(self, kind: str) -> list[Recorded]:
        """Return the resources whose type ends with ``kind``, such as `core/v1:Namespace` or `Tenant`."""
        return [resource for resource in self.resources if resource.type.endswith(f":{kind}")]

    def one(self, kind: str, name: str) -> Recorded:
        """Return the single object of this kind and object name."""
        found = [resource for resource in self.of(kind) if resource.object_name == name]
        if len(found) != 1:
            raise LookupError(f"{len(found)} of {kind} {name}: {[each.object_name for each in self.of(kind)]}")
        return found[0]


class _Monitor(mocks.MockMonitor):
    """Keeps the whole registration; the SDK's mocks see inputs alone."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(_Echo())
        self.recording = recording

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        response = cast("Any", super()).RegisterResource(request)
        if request.type != "pulumi:pulumi:Stack":
            inputs = cast("Any", self).resources[response.urn].state
            self.recording.resources.append(
                Recorded(
                    request.type,
                    request.name,
                    inputs,
                    response.urn,
                    request.parent,
                    tuple(request.dependencies),
                    request.provider,
                    tuple(request.hooks.before_create),
                )
            )
        return response


class _Hooks:
    """Accepts hooks and never runs one: this engine creates nothing."""

    def register_resource_hook(self, hook: pulumi.ResourceHook) -> None:
        """Stand in for the server through which a real engine calls back."""


class _Echo(mocks.Mocks):
    """Every resource's outputs are its inputs, as the API server would echo what is applied."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return f"{args.name}-id", dict(cast("dict[str, Any]", args.inputs))

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"the program looks up {args.token}: everything it needs is in the stack file")


def record(program: Callable[[], object], *, stack: str = "test", preview: bool = False) -> Recording:
    """Run ``program`` to its end and return what it registered. Raises what the program raises."""
    recording = Recording()
    mocks.set_mocks(_Echo(), project="gpu-platform", stack=stack, preview=preview, monitor=_Monitor(recording))
    cast("Any", settings.SETTINGS).callbacks = _Hooks()

    def run() -> None:
        program()

    cast("Any", pulumi.runtime).test(run)()
    return recording
