"""`python -m tests.upgrade.export VERSION`: keep the state of a release, as `tests/upgrade/VERSION.json`.

Brings the stack `local` up in a copy of the checkout, writes its deployment in the form of `pulumi stack export`, and
takes the stack down. Run it on the commit that gets the tag VERSION, such as v0.1.0, and commit the file:
`tests/lab/test_platform_upgrade.py` holds every later program against each of them.

Nothing secret is kept: the one secret of the state, the simulated cluster's kubeconfig, is replaced by one without
credentials, and the encryption goes with it.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from tests.lab.checkout import copy_checkout

FOLDER = Path(__file__).parent
# What marks a secret in a state (pulumi/sdk/go/common/resource/sig: the key, and the value for a secret).
_KEY, _SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
_KUBECONFIG = """apiVersion: v1
kind: Config
clusters: [{name: lab, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: admin, user: {}}]
contexts: [{name: lab, context: {cluster: lab, user: admin}}]
current-context: lab
"""


def main(arguments: list[str]) -> int:
    """Write the export and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.upgrade.export", description="Keep a release's state.")
    parser.add_argument("version", help="the release's tag, such as v0.1.0")
    file = FOLDER / f"{parser.parse_args(arguments).version}.json"
    with tempfile.TemporaryDirectory() as folder:
        checkout = copy_checkout(Path(folder) / "checkout")
        try:
            checkout.up()
            deployment = checkout.state()
        finally:
            checkout.run("down")
    file.write_text(json.dumps({"version": 3, "deployment": neutral(deployment)}, indent=1) + "\n")
    print(f"{file.name}: {len(deployment['resources'])} resources, {file.stat().st_size // 1024} KiB")
    return 0


def neutral(deployment: dict[str, Any]) -> dict[str, Any]:
    """Return a deployment without secrets, paths of this machine, and the API server's bookkeeping."""
    found = list(_secrets(deployment["resources"]))
    if {each for each, _ in found} != {"kubeconfig"}:
        raise SystemExit(f"the state holds other secrets than the kubeconfig: {sorted({each for each, _ in found})}")
    for _, secret in found:
        secret.clear()
        secret.update({_KEY: _SECRET, "plaintext": json.dumps(_KUBECONFIG)})
    for resource in deployment["resources"]:
        resource.get("outputs", {}).get("metadata", {}).pop("managedFields", None)
        for place in ("sourcePosition", "stackTrace"):
            resource.pop(place, None)
    return {key: value for key, value in deployment.items() if key != "secrets_providers"}


def _secrets(node: object, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        values = cast("dict[str, Any]", node)
        if values.get(_KEY) == _SECRET:
            yield name, values
            return
        for key, value in values.items():
            yield from _secrets(value, key)
    elif isinstance(node, list):
        for value in cast("list[Any]", node):
            yield from _secrets(value, name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
