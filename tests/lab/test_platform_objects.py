"""What `up` puts on the cluster is what the program says, and what the API server's strictest reading permits."""

from __future__ import annotations

import json

import pytest

from components.labels import OWNER, PURPOSE, STACK
from tests.lab.likeness import differences
from tests.lab.platform import Document, Platform, key_of, owned
from tools.lab import Lab, LabError

pytestmark = [pytest.mark.lab, pytest.mark.enable_socket]


def _stated(platform: Platform) -> list[Document]:
    """Return the inputs of every Kubernetes object in the engine's state."""
    resources = platform.checkout.state()["resources"]
    return [each["inputs"] for each in resources if each["type"].startswith("kubernetes:")]


def _apply_strictly(lab: Lab, *documents: Document) -> None:
    listed = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(documents)})
    lab.kubectl(
        "apply",
        "--server-side",
        "--dry-run=server",
        "--validate=strict",
        "--force-conflicts",
        "--field-manager=strict",
        "-f",
        "-",
        input=listed,
    )


def test_every_object_of_the_program_is_on_the_cluster_as_stated_and_no_other_is_ours(platform: Platform) -> None:
    wanted = {key_of(each): each for each in platform.recorded()}
    ours = owned(platform.everything(), "local")
    assert wanted.keys() - ours.keys() == set(), "the program registered what is not on the cluster under our label"
    assert ours.keys() - wanted.keys() == set(), "the cluster has objects of ours that the program does not know"
    unlike = [each for key, stated in wanted.items() for each in differences(stated, ours[key], "/".join(key))]
    assert unlike == []


def test_every_object_of_ours_says_whose_it_is(platform: Platform) -> None:
    environment = platform.spec.environment
    expected = {"app.kubernetes.io/managed-by": "gpu-platform", STACK: "local"}
    expected |= {OWNER: environment.owner, PURPOSE: environment.purpose}
    for key, each in owned(platform.everything(), "local").items():
        assert expected.items() <= each["metadata"]["labels"].items(), f"{key} lacks one of the ownership labels"


def test_the_state_has_one_object_for_each_urn_and_nothing_pending(platform: Platform) -> None:
    state = platform.checkout.state()
    urns = [each["urn"] for each in state["resources"]]
    assert len(set(urns)) == len(urns), "one object for each URN"
    assert not state.get("pending_operations"), "a run that ended leaves nothing pending"


def test_every_object_passes_the_strict_validation_of_the_api_server(platform: Platform) -> None:
    stated = _stated(platform)
    kinds = {each["kind"] for each in stated}
    assert {"Node", "ResourceQuota", "ClusterQueue", "Deployment", "Job"} <= kinds, "the state must be read right"
    _apply_strictly(platform.lab, *stated)


@pytest.mark.parametrize(
    ("kind", "place", "misspelt"),
    [
        ("Deployment", ("spec", "template", "spec"), "nodeSelectors"),
        ("ClusterQueue", ("spec",), "cohortNames"),
        ("NetworkPolicy", ("spec",), "policyType"),
    ],
)
def test_the_strict_validation_refuses_a_misspelt_field(
    platform: Platform, kind: str, place: tuple[str, ...], misspelt: str
) -> None:
    document = json.loads(json.dumps(next(each for each in _stated(platform) if each["kind"] == kind)))
    within = document
    for step in place:
        within = within[step]
    within[misspelt] = "x"
    with pytest.raises(LabError, match=misspelt):
        _apply_strictly(platform.lab, document)
