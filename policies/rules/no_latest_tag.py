"""Every image names a version: a tag other than `latest`, or a digest."""

from pulumi_policy import Severity

from policies.frame.rule import Findings, Reference, ResourceRule, demand
from policies.workloads.images import parse
from policies.workloads.pods import Container, each_container, has_pods


def check(container: Container) -> Findings:
    """One container. A template may leave the image to others; the API server refuses a Pod without one."""
    image = container.node.at("image")
    if image.absent:
        return
    yield from demand(
        image,
        lambda node: _pinned(node.text or ""),
        f"{container.label} has an image without a version (no tag, or the tag latest)",
    )


def _pinned(reference: str) -> bool:
    image = parse(reference)
    return image.digest is not None or (image.tag is not None and image.tag != "latest")


RULE = ResourceRule(
    id="no-latest-tag",
    title="Every image has a tag other than latest, or a digest.",
    why="What `latest` means changes between two Pods of one training job, and nothing says which of them ran.",
    severity=Severity.MEDIUM,
    remediation="Name a version (`:2.9.1`) or, better, a digest (`@sha256:…`). A missing tag counts as latest.",
    example='container "trainer" has an image without a version (no tag, or the tag latest)',
    references=(Reference("Checkov", "CKV_K8S_14"), Reference("Trivy", "KSV-0013")),
    applies=has_pods,
    check=each_container(check),
)
