"""What a stack may configure of a rule, and what a misspelt configuration says."""

from policies.rules.namespace_is_fenced import RULE as FENCED
from policies.rules.no_latest_tag import RULE as NO_LATEST
from policies.rules.no_privileged_containers import RULE as NO_PRIVILEGED
from tests.policies.builders import container, default_deny, deployment, namespace, quota, spec
from tests.policies.harness import UNKNOWN, Given, judge

_PRIVILEGED = spec(container(securityContext={"privileged": True}))
_EXEMPT = {"exemptNamespaces": ["gpu-operator"]}


def test_pods_in_an_exempt_namespace_are_left_alone() -> None:
    assert judge(NO_PRIVILEGED, deployment(_PRIVILEGED, namespace="gpu-operator"), config=_EXEMPT).messages == []


def test_pods_elsewhere_are_not() -> None:
    assert judge(NO_PRIVILEGED, deployment(_PRIVILEGED, namespace="team-a"), config=_EXEMPT).violations
    assert judge(NO_PRIVILEGED, deployment(_PRIVILEGED), config=_EXEMPT).violations, (
        "the default namespace is not exempt"
    )


def test_a_violation_in_an_unknown_namespace_waits_only_where_one_is_exempt() -> None:
    unplaced = deployment(_PRIVILEGED, namespace=UNKNOWN)
    assert judge(NO_PRIVILEGED, unplaced).violations, "no namespace would excuse it"
    verdict = judge(NO_PRIVILEGED, unplaced, config=_EXEMPT)
    assert verdict.violations == []
    assert "metadata.namespace" in verdict.undecided[0]
    compliant = deployment(spec(), namespace=UNKNOWN)
    assert judge(NO_PRIVILEGED, compliant, config=_EXEMPT).messages == [], "nothing hangs on its namespace"


def test_configured_system_namespaces_take_the_place_of_the_default() -> None:
    config = {"exemptNamespaces": ["monitoring"]}
    assert judge(FENCED, namespace("monitoring"), config=config).messages == []
    assert judge(FENCED, namespace("kube-system"), config=config).violations


def test_a_violation_names_the_namespace_it_is_about() -> None:
    first, second = namespace("team-a"), namespace("team-b")
    verdict = judge(FENCED, first, second, quota("team-a"), default_deny("team-a"), default_deny("team-b"))
    assert verdict.violations == ['namespace "team-b" has no ResourceQuota']
    assert verdict.urns == [second.urn], "the engine shows the resource that the URN names"


def test_a_misspelt_setting_is_a_violation_with_the_near_match() -> None:
    verdict = judge(NO_PRIVILEGED, deployment(spec()), config={"exemptNamespace": ["gpu-operator"]})
    assert verdict.violations == [
        "the policy configuration has no setting 'exemptNamespace' for this rule; did you mean exemptNamespaces?"
    ]


def test_a_setting_for_a_rule_that_takes_none_is_a_violation() -> None:
    verdict = judge(NO_LATEST, deployment(spec()), config={"exemptNamespaces": ["team-a"]})
    assert "permitted: none" in verdict.violations[0]


def test_an_advisory_names_the_first_places_and_counts_the_rest() -> None:
    unseen = [Given("kubernetes:core/v1:Namespace", {}, name=f"namespace-{number}") for number in range(10)]
    (reason,) = judge(FENCED, *unseen).undecided
    assert "namespace-0" in reason
    assert "namespace-9" not in reason
    assert "; and 7 more. The update decides it." in reason
