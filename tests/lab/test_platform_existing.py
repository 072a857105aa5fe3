"""A cluster that is already there: what others made is theirs until the stack file says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import cluster
from tests.lab.checkout import Checkout
from tests.lab.platform import Document, Platform, everything, owned, replaced
from tools.lab import Lab

pytestmark = [pytest.mark.lab, pytest.mark.enable_socket]

_MACHINE = {"node.kubernetes.io/instance-type": "p5.48xlarge"}


@pytest.fixture
def foreign(platform_checkout: Platform, lab: Lab) -> Iterator[Lab]:
    """Return a cluster of someone else's, with the stack `existing` of the checkout pointing at it."""
    checkout = platform_checkout.checkout
    nodes = [cluster.gpu_node(f"theirs-{index}") for index in range(2)]
    for node in nodes:
        node["metadata"]["labels"] |= _MACHINE
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "research", "labels": {"team": "them"}}}
    cluster.apply(lab, namespace, *nodes)
    kubeconfig = f"kubeconfig: {lab.kubeconfig}"
    with replaced(_stack_file(checkout), ("purpose: dev", "purpose: lab"), ("kubeconfig: ~/.kube/config", kubeconfig)):
        yield lab
        checkout.run("down", "existing")
    lab.kubectl("delete", "namespace", "research", "--ignore-not-found")
    lab.kubectl("delete", "nodes", "-l", "node.kubernetes.io/instance-type=p5.48xlarge")


def _stack_file(checkout: Checkout) -> Path:
    return checkout.root / "stacks" / "Pulumi.existing.yaml"


def _namespace(lab: Lab) -> Document:
    return cluster.get(lab, "namespace", "research")


def test_what_others_made_is_not_taken_over_unless_the_stack_file_says_so_and_down_leaves_nothing(
    platform_checkout: Platform, foreign: Lab
) -> None:
    checkout = platform_checkout.checkout
    before = _namespace(foreign)

    refused = checkout.run("up", "existing")
    printed = refused.stdout + refused.stderr
    assert refused.returncode == 1, printed
    assert "Namespace research is already on the cluster and is not this stack's" in printed
    assert "adopt: true" in printed, "the way to mean it"
    assert _namespace(foreign) == before, "nothing of it has changed"

    checkout.edit("backend: existing", "backend: existing\n    adopt: true", "existing")
    summary = checkout.up("existing")
    after = _namespace(foreign)
    assert after["metadata"]["uid"] == before["metadata"]["uid"], "it is the same object"
    assert after["metadata"]["labels"]["team"] == "them", "what others wrote on it is kept"
    assert ("Namespace", "", "research") in owned(everything(foreign), "existing")
    assert "2 of 2" in summary, "the pool's nodes are found by the labels that the stack file states"
    assert "no changes" in checkout.up("existing")

    _down(platform_checkout, foreign)


def _down(platform: Platform, lab: Lab) -> None:
    result = platform.checkout.run("down", "existing")
    assert result.returncode == 0, result.stdout + result.stderr
    left = [key for key in owned(everything(lab), "existing") if key != ("Namespace", "", "research")]
    assert left == [], "the engine's destroy leaves no object of ours"
    assert not (platform.checkout.root / ".lab" / "existing").exists()
    assert len(cluster.get(lab, "nodes", "-l", "node.kubernetes.io/instance-type=p5.48xlarge")["items"]) == 2, (
        "the nodes are not ours to remove"
    )
    again = platform.checkout.run("down", "existing")
    assert again.returncode == 0, again.stdout + again.stderr


def test_a_cluster_that_does_not_answer_is_told_of(platform_checkout: Platform, foreign: Lab, tmp_path: Path) -> None:
    text = foreign.kubeconfig.read_text()
    nowhere = tmp_path / "kubeconfig"
    server = next(line for line in text.splitlines() if "server:" in line)
    nowhere.write_text(text.replace(server.split("server:")[1].strip(), "https://127.0.0.1:1"))
    with replaced(_stack_file(platform_checkout.checkout), (str(foreign.kubeconfig), str(nowhere))):
        result = platform_checkout.checkout.run("up", "existing")
    printed = result.stdout + result.stderr
    assert result.returncode == 1, printed
    assert f"the cluster of {nowhere} does not answer" in printed, "the message names the kubeconfig"
    assert "127.0.0.1:1" in printed, "and the address"
    assert "Traceback" not in printed
    assert not list((platform_checkout.checkout.root / ".lab" / "existing").rglob("existing.json")), "no state is made"
