"""The operations that an engine had begun when it was killed, noted in its state as pending.

Owns deciding, by a look at the cluster, what became of each, and writing that into the state in one step. The engine's
own ways won't do: `refresh --import-pending-creates` forgets the object (3.259), and creating it once more makes a
second field manager, with which the next edit is in conflict. Does not own bringing the stack to what its file says:
the update that follows does.
"""

import json
import time
from collections import Counter
from collections.abc import Mapping
from subprocess import CalledProcessError
from typing import Any

from components.labels import STACK
from tools.lab.layout import write_private
from tools.stack.engine import Engine
from tools.stack.kubernetes import Kubectl

Resource = dict[str, Any]

# With this in the state, the engine updates a resource whether or not its inputs have changed.
_INTERRUPTED = {"initErrors": ["the run that worked on it was killed"]}
_DELETION_SECONDS = 60


def settle(engine: Engine, kubectl: Kubectl) -> Counter[str]:
    """Settle every pending operation, and count the outcomes."""
    exported = json.loads(engine.output("stack", "export"))
    deployment: Resource = exported["deployment"]
    operations: list[Resource] = deployment.pop("pending_operations", None) or []
    if not operations:
        return Counter()
    resources: list[Resource] = deployment.setdefault("resources", [])
    outcomes = Counter(
        _settled(resources, operation, kubectl, engine.workspace.stack)
        for operation in operations
        # Components and providers are nowhere but in the state.
        if "kind" in operation["resource"].get("inputs", {})
    )
    file = engine.workspace.folder / "settled.json"
    write_private(file, json.dumps(exported))
    engine.output("stack", "import", "--file", str(file))
    file.unlink()
    return outcomes


def _settled(resources: list[Resource], operation: Resource, kubectl: Kubectl, stack: str) -> str:
    resource = operation["resource"]
    if operation["type"] == "creating":
        live = _live(kubectl, resource["inputs"])
        if live is None or live["metadata"].get("labels", {}).get(STACK) != stack:
            return "not created yet"
        _adopt(resources, resource, live)
        return "created"
    index = next((n for n, one in enumerate(resources) if _same(one, resource)), None)
    if index is None:
        return f"no longer {operation['type']}"
    if operation["type"] == "deleting" and _gone(kubectl, resource["inputs"]):
        del resources[index]
        return "deleted"
    resources[index] |= _INTERRUPTED
    return "to be looked at again"


def _adopt(resources: list[Resource], created: Resource, live: Mapping[str, Any]) -> None:
    """Put an object into the state whose creation the engine did not live to note.

    As the provider would have written it, in what it needs to go on: above all under which name it applied the fields.
    """
    inputs = created["inputs"]
    noted = {"__inputs": inputs, "__initialApiVersion": inputs["apiVersion"], "__fieldManager": _manager(live)}
    meta = inputs["metadata"]
    identity = f"{meta['namespace']}/{meta['name']}" if "namespace" in meta else meta["name"]
    adopted = {**created, "id": identity, "outputs": {**inputs, **noted}, **_INTERRUPTED}
    urn = created["urn"]
    index = next((n for n, one in enumerate(resources) if one["urn"] == urn and not one.get("delete")), None)
    if index is None:
        resources.append(adopted)
        return
    # A replacement: the old object is gone, or is to be deleted now that the new one is there.
    old = resources[index]
    gone = old.get("pendingReplacement") or old["id"] == identity
    resources[index : index + 1] = [adopted] if gone else [adopted, {**old, "delete": True}]


def _manager(live: Mapping[str, Any]) -> str:
    """Return the name under which the provider applied the object: it makes one up for each, unless told not to."""
    entries = [one for one in live["metadata"]["managedFields"] if one["manager"].startswith("pulumi-kubernetes-")]
    return max(entries, key=lambda entry: entry["time"])["manager"] if entries else "pulumi-kubernetes"


def _same(one: Resource, other: Resource) -> bool:
    """Whether two entries are of one object; an update that has just begun does not have its id yet."""
    if one["urn"] != other["urn"]:
        return False
    return one.get("id") == other["id"] if "id" in other else not one.get("delete")


def _gone(kubectl: Kubectl, inputs: Mapping[str, Any]) -> bool:
    """Whether an object is deleted, or so within a minute if it has begun to go (a namespace takes a while)."""
    deadline = time.monotonic() + _DELETION_SECONDS
    while live := _live(kubectl, inputs):
        if "deletionTimestamp" not in live["metadata"] or time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def _live(kubectl: Kubectl, inputs: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return an object as it is on the cluster."""
    meta, group = inputs["metadata"], inputs["apiVersion"].rpartition("/")[0]
    kind = f"{inputs['kind']}.{group}" if group else inputs["kind"]
    scope = ["-n", meta["namespace"]] if "namespace" in meta else []
    try:
        return json.loads(kubectl("get", kind, meta["name"], *scope, "-o", "json", "--show-managed-fields"))
    except CalledProcessError as error:
        # The second where the kind itself is gone, and its objects with it.
        if "NotFound" in str(error.stderr) or "the server doesn't have a resource type" in str(error.stderr):
            return None
        raise
