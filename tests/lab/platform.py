"""The stack `local` in a copy of this checkout, brought up once for all tests of the platform.

Owns the copy, how the tests look at its cluster as a whole, and the Pods and Jobs that a tenant's people would make.
Tests that change the stack leave its files and its cluster in step, so that their order does not matter.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from components.labels import STACK
from components.spec import Stack, load_stack
from tests.lab import cluster
from tests.lab.checkout import Checkout, copy_checkout
from tools.lab import Lab
from tools.toolchain import ensure

Document = dict[str, Any]
Key = tuple[str, str, str]

GPU = "nvidia.com/gpu"
# Kinds that tell the time: they change while nothing happens.
_CLOCKS = ("events", "leases", "componentstatuses")
# What Pod Security `restricted` asks of every Pod.
_RESTRICTED_POD = {"runAsNonRoot": True, "runAsUser": 10_001, "seccompProfile": {"type": "RuntimeDefault"}}
_RESTRICTED_CONTAINER = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}


@dataclass(frozen=True)
class Platform:
    """A checkout whose stack `local` is up, and its simulated cluster."""

    checkout: Checkout
    lab: Lab

    @property
    def folder(self) -> Path:
        return self.checkout.root / ".lab" / "local"

    @property
    def spec(self) -> Stack:
        return load_stack(self.checkout.root, "local")

    def get(self, *arguments: str) -> Document:
        return json.loads(self.lab.kubectl("get", *arguments, "-o", "json"))

    def items(self, *arguments: str) -> list[Document]:
        return self.get(*arguments)["items"]

    def create(self, *documents: Document, user: str | None = None, group: str = "", dry_run: bool = False) -> Document:
        """Create objects, as the administrator or as someone of a group, and return the first one.

        Raises LabError with what was said.
        """
        listed = {"apiVersion": "v1", "kind": "List", "items": list(documents)}
        person = [f"--as={user}", f"--as-group={group}"] if user else []
        options = [*person, *(["--dry-run=server"] if dry_run else [])]
        answer = self.lab.kubectl("create", *options, "-f", "-", "-o", "json", input=json.dumps(listed))
        # One document after another, not a list of them.
        first: Document = json.JSONDecoder().raw_decode(answer)[0]
        return first

    def everything(self) -> dict[Key, Document]:
        return everything(self.lab)

    def recorded(self) -> list[Document]:
        """Return the Kubernetes objects that the checkout's own program registers, run on the mock engine."""
        program = (
            "import json; from tests.platform import committed, recorded;"
            "print(json.dumps([each.inputs for each in recorded(committed('local'), 'local').resources"
            " if each.type.startswith('kubernetes:')]))"
        )
        run = subprocess.run(
            [sys.executable, "-c", program], cwd=self.checkout.root, check=True, text=True, stdout=subprocess.PIPE
        )
        return json.loads(run.stdout)


def everything(lab: Lab) -> dict[Key, Document]:
    """Return every object of a cluster but those that tell the time, by kind, namespace and name."""
    kinds = lab.kubectl("api-resources", "--verbs=list", "-o", "name").split()
    listed = ",".join(kind for kind in kinds if kind.partition(".")[0] not in _CLOCKS)
    answer = lab.kubectl("get", listed, "-A", "--show-managed-fields", "-o", "json")
    return {key_of(each): each for each in json.loads(answer)["items"]}


def key_of(document: Mapping[str, Any]) -> Key:
    meta = document["metadata"]
    return str(document["kind"]), str(meta.get("namespace", "")), str(meta["name"])


def versions(objects: Mapping[Key, Document]) -> dict[Key, str]:
    """Return what changes whenever someone writes to an object: all of it, and who wrote what and when.

    Its status is left out: controllers look at the world again in their own time.
    """
    found: dict[Key, str] = {}
    for key, each in objects.items():
        meta: Document = {**each["metadata"], "resourceVersion": ""}
        written: list[Document] = meta.get("managedFields", [])
        meta["managedFields"] = [field for field in written if field.get("subresource") != "status"]
        found[key] = json.dumps({**each, "metadata": meta, "status": None}, sort_keys=True)
    return found


def owned(objects: Mapping[Key, Document], stack: str) -> dict[Key, Document]:
    """Return a stack's own objects. What controllers make of them copies their labels, and is told by its owner."""
    return {
        key: each
        for key, each in objects.items()
        if each["metadata"].get("labels", {}).get(STACK) == stack
        and "ownerReferences" not in each["metadata"]
        and each["kind"] != "Endpoints"
    }


def digests(folder: Path) -> dict[str, str]:
    """Return the content of every file of a stack's folder, but for its cluster's."""
    files = [Path(at) / name for at, _, names in os.walk(folder) for name in names]
    within = [file for file in files if "cluster" not in file.relative_to(folder).parts and file.is_file()]
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in within}


@contextmanager
def replaced(file: Path, *changes: tuple[str, str]) -> Generator[None]:
    """Change a file of the checkout, and put it back."""
    before = file.read_text()
    text = before
    for right, wrong in changes:
        assert right in text, f"{right!r} is not in {file.name}: the case no longer changes anything"
        text = text.replace(right, wrong, 1)
    file.write_text(text)
    try:
        yield
    finally:
        file.write_text(before)


def container(requests: Mapping[str, str | int] | None = None, **security: object) -> Document:
    resources: Document = {} if requests is None else {"requests": requests, "limits": requests}
    return {
        "name": "main",
        "image": "example.com/main:1",
        "resources": resources,
        "securityContext": {**_RESTRICTED_CONTAINER, **security},
    }


def pod(name: str, namespace: str, requests: Mapping[str, str | int] | None = None, **spec: object) -> Document:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": {"gpu-platform.dev/unqueued": "true"}},
        "spec": {"securityContext": _RESTRICTED_POD, "containers": [container(requests)], **spec},
    }


def training(name: str, tenant: str, nodes: int, priority: str = "batch") -> Document:
    """Return a Job as a tenant's people write it: whole nodes of 8 GPUs, and the queue. The rest is the platform's."""
    amounts = {"cpu": 8, "memory": "64Gi", GPU: 8}
    spec = {
        "restartPolicy": "Never",
        "priorityClassName": f"gpu-platform-{priority}",
        "securityContext": _RESTRICTED_POD,
        "containers": [container(amounts)],
    }
    seconds = {"lab.gpu-platform.dev/run-seconds": "900"}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "namespace": tenant, "labels": {"kueue.x-k8s.io/queue-name": tenant}},
        "spec": {
            "parallelism": nodes,
            "completions": nodes,
            "template": {"metadata": {"annotations": seconds}, "spec": spec},
        },
    }


@pytest.fixture(scope="session")
def platform_checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Return the platform with nothing up yet; what tests bring up is taken down at the end."""
    checkout = copy_checkout(tmp_path_factory.mktemp("platform"))
    toolchain = ensure(progress=sys.stderr)
    try:
        yield Platform(checkout, Lab(checkout.root / ".lab" / "local" / "cluster", toolchain))
    finally:
        checkout.run("down")


@pytest.fixture(scope="session")
def platform_up(platform_checkout: Platform) -> Platform:
    """Return the platform after its first `up`. Where that fails, so does every test, at once."""
    return _bring_up(platform_checkout)


@pytest.fixture
def platform(platform_up: Platform) -> Platform:
    """Return the platform with its stack up, whatever the test before did to it."""
    return platform_up if platform_up.folder.exists() else _bring_up(platform_up)


def _bring_up(platform: Platform) -> Platform:
    platform.checkout.up()
    cluster.eventually(lambda: _settled(platform), "the examples run", seconds=120)
    return platform


def _settled(platform: Platform) -> bool:
    """Whether the examples have all their Pods: the autoscaler and the queue look only now and then."""
    status = platform.get("deployment", "inference", "-n", "vision")["status"]
    job = platform.get("job", "training", "-n", "vision")["status"]
    return status.get("readyReplicas") == 2 and status["replicas"] == 2 and job.get("ready") == 2
