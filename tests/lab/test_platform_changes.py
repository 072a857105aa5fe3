"""A second `up` changes nothing, an edit changes just what it says, and `status` only looks."""

from __future__ import annotations

import pytest

from components.spec.model import CpuQuota
from tests.lab.platform import Document, Key, Platform, digests, owned, versions

pytestmark = [pytest.mark.lab, pytest.mark.enable_socket]


def _queue_quota(queue: Document, pool: str, resource: str) -> str:
    flavors = queue["spec"]["resourceGroups"][0]["flavors"]
    rows = next(each for each in flavors if each["name"] == pool)["resources"]
    return str(next(each for each in rows if each["name"] == resource)["nominalQuota"])


def test_a_second_up_says_that_nothing_changes_and_changes_nothing(platform: Platform) -> None:
    before, state = versions(platform.everything()), digests(platform.folder / "state")
    assert "stack local: no changes, every policy holds" in platform.checkout.up()
    assert versions(platform.everything()) == before, "no object was written"
    assert digests(platform.folder / "state") == state, "nor the engine's state"


def test_the_committed_stack_file_is_never_written_to(platform: Platform) -> None:
    ours = platform.checkout.root / "stacks" / "Pulumi.local.yaml"
    text = ours.read_text()
    platform.checkout.run("preview")
    assert ours.read_text() == text
    salted = (platform.folder / "Pulumi.local.yaml").read_text()
    assert "encryptionsalt: v1:" in salted, "the engine writes to the copy in the stack's folder"


def test_an_edit_of_a_quota_is_applied_in_place_and_nothing_else_changes(platform: Platform) -> None:
    before = owned(platform.everything(), "local")
    share = platform.spec.tenants["language"].quota.pools["cpu"]
    assert isinstance(share, CpuQuota)
    cpu = share.cpu
    hard = before[("ResourceQuota", "language", "tenant")]["spec"]["hard"]["requests.cpu"]
    # It stays: files and cluster go on in step.
    platform.checkout.edit(f"cpu: {{cpu: {cpu}, memory: 24Gi}}", f"cpu: {{cpu: {cpu - 1}, memory: 24Gi}}")
    printed = platform.checkout.up()
    assert "stack local: 2 to update; every policy holds" in printed

    after = owned(platform.everything(), "local")
    uids = {key: each["metadata"]["uid"] for key, each in after.items()}
    assert uids == {key: each["metadata"]["uid"] for key, each in before.items()}, "nothing was made anew"
    assert _respecified(before, after) == {("ResourceQuota", "language", "tenant"), ("ClusterQueue", "", "language")}
    queue = after[("ClusterQueue", "", "language")]
    assert _queue_quota(queue, "cpu", "cpu") == str(cpu - 1), "Kueue counts by the new number"
    now = after[("ResourceQuota", "language", "tenant")]["spec"]["hard"]["requests.cpu"]
    assert int(hard.removesuffix("m")) - int(now.removesuffix("m")) == 1000, "and so does the namespace"
    row = next(line for line in printed.splitlines() if line.split()[:3] == ["language", "cpu", "cpu"])
    assert row.split()[3] == str(cpu - 1), f"the summary shows it: {row}"


def _respecified(before: dict[Key, Document], after: dict[Key, Document]) -> set[Key]:
    def stated(each: Document) -> Document:
        meta = each["metadata"]
        return {**each, "status": None, "metadata": {"labels": meta["labels"], "annotations": meta.get("annotations")}}

    return {key for key, each in after.items() if stated(each) != stated(before[key])}


def test_status_prints_the_summary_again_and_touches_nothing(platform: Platform) -> None:
    before, files = versions(platform.everything()), digests(platform.folder)
    shown = platform.checkout.run("status")
    assert shown.returncode == 0, shown.stderr
    for words in ("Node pools", "p5.48xlarge", "Queues", "Tenants: used of quota", "inference", "training"):
        assert words in shown.stdout, f"the summary has {words!r}"
    assert "kubeconfig  .lab/local/cluster/kubeconfig" in shown.stdout, "and says where to look"
    assert versions(platform.everything()) == before
    assert digests(platform.folder) == files
