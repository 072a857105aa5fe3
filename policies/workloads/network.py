"""Reads NetworkPolicies. Owns what default deny means; does not judge what else a policy opens."""

from policies.frame.reading import Node


def denies(policy: Node, direction: str) -> bool | Node:
    """Whether a policy denies its namespace all Ingress or Egress; where that hangs on an unknown, its place."""
    spec = policy.at("spec")
    selector, types, rules = spec.at("podSelector"), spec.at("policyTypes"), spec.at(direction.lower())
    empty_in_a_denial = (selector.at("matchLabels"), selector.at("matchExpressions"), rules)
    if any(not node.unknown and not node.empty for node in empty_in_a_denial):
        return False
    # A policy without types is about ingress; about egress only where it has rules for it, and then it is no denial.
    named = direction == "Ingress" if types.empty else any(each.text == direction for each in types.items())
    if not named:
        return next((each for each in types.items() if each.unknown), False)
    return next((node for node in empty_in_a_denial if node.unknown), True)
