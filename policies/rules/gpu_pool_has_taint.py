"""Every pool of accelerators keeps other Pods away."""

from pulumi_policy import Severity

from policies.frame.reading import Node
from policies.frame.rule import Findings, NotDecided, Resource, ResourceRule, Violation
from policies.workloads.accelerators import taint_keys
from policies.workloads.pools import each_gpu_pool, is_node_pool, label

# NoExecute keeps away what NoSchedule does, and evicts besides.
_EFFECTS = ("NoSchedule", "NoExecute")


def check(pool: Resource, accelerator: Node) -> Findings:
    """One pool with an accelerator."""
    keys = taint_keys(accelerator.text or "")
    unknown: Node | None = None
    for taint in pool.props.at("taints").items():
        key, effect = taint.at("key"), taint.at("effect")
        if key.text in keys and effect.text in _EFFECTS:
            return
        may_match = (key.unknown or key.text in keys) and (effect.unknown or effect.text in _EFFECTS)
        unknown = unknown or ((key if key.unknown else effect) if may_match else None)
    if unknown is not None:
        yield NotDecided.because_of(unknown)
    else:
        yield Violation(f"{label(pool)} has no NoSchedule taint with the key {' or '.join(keys)}")


RULE = ResourceRule(
    id="gpu-pool-has-taint",
    title="Every pool with accelerators has a NoSchedule taint for them.",
    why="Without it ordinary Pods fill GPU nodes: the GPUs idle, and the nodes can't be given back.",
    severity=Severity.HIGH,
    remediation="Give the pool a taint with its accelerator's key and the effect NoSchedule.",
    example='pool "h100" has no NoSchedule taint with the key nvidia.com/gpu or gpu-platform.dev/accelerator',
    applies=is_node_pool,
    check=each_gpu_pool(check),
)
