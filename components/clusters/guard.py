"""No object that was there before us is taken over silently.

Owns a hook that runs before each create on an existing cluster. The Kubernetes provider creates by server-side apply:
an object of the same name is adopted without a word, and `pulumi destroy` would delete it. So the hook looks first,
and fails the create where an object of that name lacks this stack's ownership label. Objects of ours that a killed
run left behind carry the label, and are taken up again.

Does not own previews: the engine runs the hook when it creates, not when it plans.
"""

from collections.abc import Mapping
from typing import Any, cast

import pulumi
import yaml

from components.labels import STACK


class ForeignObjectError(Exception):
    """An object of the name to be created exists and is not ours."""


def ownership_guard(stack: str, kubeconfig: pulumi.Input[str], context: str | None) -> pulumi.ResourceHookBinding:
    """Return the hooks for every object that this stack puts on a cluster it does not own alone."""
    clients: list[Any] = []

    async def guard(args: pulumi.ResourceHookArgs) -> None:
        inputs = cast("Mapping[str, Any]", args.new_inputs or {})
        if "kind" not in inputs:
            return
        if not clients:
            text = await pulumi.Output.from_input(kubeconfig).future()
            clients.append(_client(str(text), context))
        labels = _labels(clients[0], inputs)
        if labels is not None and labels.get(STACK) != stack:
            where = inputs["metadata"].get("namespace")
            named = f"{inputs['kind']} {f'{where}/' if where else ''}{inputs['metadata']['name']}"
            raise ForeignObjectError(
                f"{named} is already on the cluster and is not this stack's (no label {STACK}={stack}). Remove or "
                "rename it, or set `adopt: true` in the stack file's cluster section to take such objects over."
            )

    hook = pulumi.ResourceHook("gpu-platform-ownership", guard)
    return pulumi.ResourceHookBinding(before_create=[hook])


def _client(kubeconfig: str, context: str | None) -> Any:
    """Build a client on first use: importing the library costs half a second that a run without creates never pays."""
    from kubernetes import config, dynamic

    # The library is untyped.
    connect = cast("Any", config).new_client_from_config_dict
    return dynamic.DynamicClient(connect(yaml.safe_load(kubeconfig), context=context))


def _labels(client: Any, inputs: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the live object's labels, or None where there is no such object."""
    from kubernetes.dynamic.exceptions import NotFoundError, ResourceNotFoundError

    meta = inputs["metadata"]
    try:
        resource = client.resources.get(api_version=inputs["apiVersion"], kind=inputs["kind"])
        live = resource.get(name=meta["name"], namespace=meta.get("namespace"))
    except (NotFoundError, ResourceNotFoundError):
        return None
    return dict(live.to_dict()["metadata"].get("labels") or {})
