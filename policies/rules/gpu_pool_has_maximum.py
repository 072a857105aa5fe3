"""Every pool of accelerators says how far it may grow."""

from pulumi_policy import Severity

from policies.frame.reading import Node
from policies.frame.rule import Findings, Resource, ResourceRule, demand
from policies.workloads.pools import each_gpu_pool, is_node_pool, label


def check(pool: Resource, _: Node) -> Findings:
    """One pool with an accelerator."""
    yield from demand(pool.props.at("maxNodes"), _is_maximum, f"{label(pool)} has accelerators but no maximum of nodes")


def _is_maximum(node: Node) -> bool:
    return isinstance(node.value, int | float) and not isinstance(node.value, bool) and node.value >= 0


RULE = ResourceRule(
    id="gpu-pool-has-maximum",
    title="Every pool with accelerators has a maximum of nodes.",
    why="Autoscalers need not have a limit of their own (Karpenter has none), and every node of a GPU pool is dear.",
    severity=Severity.HIGH,
    remediation="State the pool's maximum in the stack file. What it costs at that size is then known too.",
    example='pool "h100" has accelerators but no maximum of nodes',
    applies=is_node_pool,
    check=each_gpu_pool(check),
)
