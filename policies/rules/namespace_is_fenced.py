"""Every namespace has a quota and denies all traffic that is not opened by name.

Sees the namespaces and fences of this stack alone. A stack policy, because fences are objects of their own; so at an
update it judges what has just been created.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from pulumi_policy import Severity

from policies.frame.reading import Node
from policies.frame.rule import Findings, NotDecided, Reference, Resource, Setting, Settings, StackRule, Violation
from policies.workloads.kinds import CORE, kind_of, objects
from policies.workloads.network import denies

TENANT_LABEL = "gpu-platform.dev/tenant"
_NAMESPACE = (CORE, "Namespace")
_QUOTA = (CORE, "ResourceQuota")
_POLICY = ("networking.k8s.io", "NetworkPolicy")

EXEMPT = Setting(
    "exemptNamespaces",
    f"Namespaces of the system, which need no fence. A namespace labelled {TENANT_LABEL} needs one whatever its name.",
    ("kube-system", "kube-public", "kube-node-lease", "kueue-system", "jobset-system", "lws-system"),
)


@dataclass(frozen=True, slots=True)
class _Placed:
    """An object with the resource it came from."""

    resource: Resource
    root: Node


def check(resources: tuple[Resource, ...], settings: Settings) -> Findings:
    """The whole stack."""
    placed = {key: list(_of_kind(resources, key)) for key in (_NAMESPACE, _QUOTA, _POLICY)}
    for namespace in placed[_NAMESPACE]:
        name = namespace.root.at("metadata", "name")
        tenant = namespace.root.at("metadata", "labels").at(TENANT_LABEL)
        if name.text is None:
            yield _unseen(namespace)
        elif name.text in settings[EXEMPT.name] and tenant.absent:
            continue
        elif name.text in settings[EXEMPT.name] and tenant.unknown:
            yield NotDecided.because_of(tenant)
        else:
            yield from _fenced(namespace, name.text, placed[_QUOTA], placed[_POLICY])


def _fenced(namespace: _Placed, name: str, quotas: list[_Placed], policies: list[_Placed]) -> Findings:
    demands = {
        "ResourceQuota": _some(name, quotas, _has_limits),
        "NetworkPolicy that denies all ingress": _some(name, policies, partial(denies, direction="Ingress")),
        "NetworkPolicy that denies all egress": _some(name, policies, partial(denies, direction="Egress")),
    }
    yield from (verdict for verdict in demands.values() if isinstance(verdict, NotDecided))
    missing = [what for what, verdict in demands.items() if verdict is False]
    if missing:
        yield Violation(f'namespace "{name}" has no {", no ".join(missing)}', namespace.resource.urn)


def _some(name: str, candidates: Iterable[_Placed], holds: Callable[[Node], bool | Node]) -> bool | NotDecided:
    """Whether one of the candidates in the namespace holds."""
    undecided: NotDecided | None = None
    for candidate in candidates:
        namespace = candidate.root.at("metadata", "namespace")
        if candidate.root.empty or namespace.unknown:
            undecided = undecided or _unseen(candidate)
        elif (namespace.text or "default") == name:
            verdict = holds(candidate.root)
            if verdict is True:
                return True
            if isinstance(verdict, Node):
                undecided = undecided or NotDecided.because_of(verdict)
    return undecided or False


def _has_limits(quota: Node) -> bool | Node:
    hard = quota.at("spec", "hard")
    return hard if hard.unknown else not hard.empty


def _unseen(placed: _Placed) -> NotDecided:
    # Without a cluster the provider shows a stack policy nothing of an object, not even what the program states.
    return NotDecided(f'the properties of "{placed.resource.name}" can\'t be seen before its cluster exists')


def _of_kind(resources: Iterable[Resource], key: tuple[str, str]) -> Iterable[_Placed]:
    for resource in resources:
        kind = kind_of(resource.type)
        if kind is not None and kind.key == key and not kind.is_patch:
            yield from (_Placed(resource, each.root) for each in objects(resource))


RULE = StackRule(
    id="namespace-is-fenced",
    title="Every namespace has a ResourceQuota and a NetworkPolicy that denies all ingress and egress.",
    why="One tenant without a quota takes every GPU; one without default deny is a way into all the others.",
    severity=Severity.HIGH,
    remediation=(
        "Make the namespace through the platform's tenancy, which brings both. Otherwise add a ResourceQuota with "
        "`spec.hard`, and a NetworkPolicy with an empty `podSelector`, `policyTypes: [Ingress, Egress]` and no rules. "
        f"A namespace of the system is listed in `{EXEMPT.name}`."
    ),
    example='namespace "team-a" has no ResourceQuota',
    references=(
        Reference("Checkov", "CKV2_K8S_6"),
        Reference("Trivy", "KSV-0040"),
        Reference("CIS Kubernetes", "5.3.2"),
    ),
    settings=(EXEMPT,),
    check=check,
)
