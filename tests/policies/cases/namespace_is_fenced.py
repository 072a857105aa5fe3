"""Cases of namespace-is-fenced."""

from tests.policies.builders import default_deny, namespace, quota
from tests.policies.harness import UNKNOWN, Given

_TENANT = {"gpu-platform.dev/tenant": "team-a"}
_UNSEEN = Given("kubernetes:core/v1:Namespace", {}, name="namespace-team-a")

PASSING: dict[str, list[Given]] = {
    "both": [namespace(), quota(), default_deny()],
    "whatever comes first": [default_deny(), quota(), namespace()],
    "ingress and egress denied apart": [
        namespace(),
        quota(),
        default_deny(policyTypes=["Ingress"]),
        default_deny(policyTypes=["Egress"]),
    ],
    "ingress denied by default of the API": [
        namespace(),
        quota(),
        default_deny(policyTypes=None),
        default_deny(policyTypes=["Egress"]),
    ],
    "an opening beside the denial": [namespace(), quota(), default_deny(), default_deny(egress=[{"to": []}])],
    "a system namespace": [namespace("kube-system")],
    "no namespace at all": [quota()],
    "an unknown beside what is known": [namespace(), quota(), quota(hard=UNKNOWN), default_deny()],
}
VIOLATING: dict[str, list[Given]] = {
    "no fence": [namespace()],
    "a tenant without one": [namespace(**_TENANT)],
    "a tenant that is named like a system namespace": [namespace("kube-system", **_TENANT)],
    "no quota": [namespace(), default_deny()],
    "a quota that limits nothing": [namespace(), quota(hard={}), default_deny()],
    "a quota elsewhere": [namespace(), quota("team-b"), default_deny()],
    "no denial": [namespace(), quota()],
    "a denial elsewhere": [namespace(), quota(), default_deny("team-b")],
    "ingress alone": [namespace(), quota(), default_deny(policyTypes=["Ingress"])],
    "egress alone": [namespace(), quota(), default_deny(policyTypes=["Egress"])],
    "no types, so ingress alone": [namespace(), quota(), default_deny(policyTypes=None)],
    "some Pods only": [namespace(), quota(), default_deny(podSelector={"matchLabels": {"app": "x"}})],
    "a rule in the denial": [namespace(), quota(), default_deny(egress=[{}])],
    "beside a namespace that is unseen": [_UNSEEN, namespace("team-b")],
}
UNDECIDED: dict[str, list[Given]] = {
    "properties can't be seen": [_UNSEEN, Given("kubernetes:core/v1:ResourceQuota", {})],
    "the quota can't be seen": [namespace(), Given("kubernetes:core/v1:ResourceQuota", {}), default_deny()],
    "the quota's namespace is unknown": [namespace(), quota(UNKNOWN), default_deny()],
    "the quota's limits are unknown": [namespace(), quota(hard=UNKNOWN), default_deny()],
    "the denial's types are unknown": [namespace(), quota(), default_deny(policyTypes=UNKNOWN)],
    "the denial's rules are unknown": [namespace(), quota(), default_deny(egress=UNKNOWN)],
    "the denial's spec is unknown": [
        namespace(),
        quota(),
        Given("kubernetes:networking.k8s.io/v1:NetworkPolicy", {"metadata": {"namespace": "team-a"}, "spec": UNKNOWN}),
    ],
    "whether a system namespace is a tenant's": [
        Given("kubernetes:core/v1:Namespace", {"metadata": {"name": "kube-system", "labels": UNKNOWN}})
    ],
}
