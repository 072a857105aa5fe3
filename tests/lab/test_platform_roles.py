"""What the groups of a tenant may do, asked of the API server itself."""

from __future__ import annotations

import pytest

from tests.lab.platform import Document, Platform, training
from tools.lab import LabError

pytestmark = [pytest.mark.lab, pytest.mark.enable_socket]

# (group, verb, resource, namespace, whether it may)
CASES = [
    ("vision", "create", "jobs.batch", "vision", True),
    ("vision", "create", "jobs.batch", "language", False),
    ("vision", "get", "pods", "language", False),
    ("vision", "create", "pods/exec", "vision", True),
    ("vision", "get", "resourcequotas", "vision", True),
    ("vision", "update", "resourcequotas", "vision", False),
    ("vision", "update", "limitranges", "vision", False),
    ("vision", "delete", "networkpolicies.networking.k8s.io", "vision", False),
    ("vision", "get", "secrets", "vision", False),
    ("vision", "create", "rolebindings.rbac.authorization.k8s.io", "vision", False),
    ("vision", "get", "workloads.kueue.x-k8s.io", "vision", True),
    ("vision", "delete", "workloads.kueue.x-k8s.io", "vision", False),
    ("vision", "update", "clusterqueues.kueue.x-k8s.io", "", False),
    ("vision", "list", "nodes", "", False),
    ("vision-leads", "create", "secrets", "vision", True),
    ("vision-leads", "delete", "workloads.kueue.x-k8s.io", "vision", True),
    ("vision-leads", "create", "secrets", "language", False),
    ("vision-leads", "update", "resourcequotas", "vision", False),
    ("vision-leads", "update", "networkpolicies.networking.k8s.io", "vision", False),
    ("vision-leads", "create", "rolebindings.rbac.authorization.k8s.io", "vision", False),
    ("finance", "list", "jobs.batch", "language", True),
    ("finance", "create", "jobs.batch", "language", False),
    ("finance", "create", "pods/exec", "language", False),
    ("finance", "get", "secrets", "language", False),
    ("finance", "list", "jobs.batch", "vision", False),
    ("anyone-else", "list", "pods", "vision", False),
]


def _review(group: str, verb: str, resource: str, namespace: str) -> Document:
    named, _, subresource = resource.partition("/")
    plural, _, api_group = named.partition(".")
    asked = {"verb": verb, "group": api_group, "resource": plural, "subresource": subresource, "namespace": namespace}
    return {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {"user": "ann", "groups": [group], "resourceAttributes": asked},
    }


@pytest.mark.parametrize(
    ("group", "verb", "resource", "namespace", "may"),
    CASES,
    ids=[
        f"{group} may {'' if may else 'not '}{verb} {resource} in {namespace or 'the cluster'}"
        for group, verb, resource, namespace, may in CASES
    ],
)
def test_a_group_may_do_just_what_its_role_says(
    platform: Platform, group: str, verb: str, resource: str, namespace: str, may: bool
) -> None:
    answer = platform.create(_review(group, verb, resource, namespace))
    assert answer["status"]["allowed"] is may, answer["status"].get("reason", "no role allows it")


def test_a_person_of_a_tenant_is_let_into_its_namespace_alone(platform: Platform) -> None:
    platform.create(training("own", "vision", 1), user="ann", group="vision", dry_run=True)
    with pytest.raises(LabError, match="forbidden"):
        platform.create(training("others", "language", 1), user="ann", group="vision", dry_run=True)
