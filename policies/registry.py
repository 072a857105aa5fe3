"""Lists the rules, in the order in which they are documented. One that is missing is not enforced; a test names it."""

from policies.frame.rule import ResourceRule, StackRule
from policies.rules import (
    gpu_pool_has_maximum,
    gpu_pool_has_taint,
    gpu_workload_has_queue,
    namespace_is_fenced,
    no_host_namespaces,
    no_latest_tag,
    no_privileged_containers,
    requests_and_limits,
)

RULES: tuple[ResourceRule | StackRule, ...] = (
    no_privileged_containers.RULE,
    no_host_namespaces.RULE,
    requests_and_limits.RULE,
    no_latest_tag.RULE,
    namespace_is_fenced.RULE,
    gpu_workload_has_queue.RULE,
    gpu_pool_has_maximum.RULE,
    gpu_pool_has_taint.RULE,
)
