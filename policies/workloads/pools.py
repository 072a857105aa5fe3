"""Reads the platform's node pools. Owns how their inputs are named: they are a public interface of the platform.

Shares no code with the component: a pack that imported it could not check what others build.
"""

from collections.abc import Callable

from policies.frame.reading import Node
from policies.frame.rule import Findings, NotDecided, Resource, Settings

NODE_POOL = "gpu-platform:clusters:NodePool"


def is_node_pool(token: str) -> bool:
    """Whether resources of this type are node pools."""
    return token == NODE_POOL


def label(pool: Resource) -> str:
    """How messages name it."""
    name = pool.props.at("pool").text or pool.name
    return f'pool "{name}"'


def each_gpu_pool(check: Callable[[Resource, Node], Findings]) -> Callable[[Resource, Settings], Findings]:
    """A check of every pool that has an accelerator, which is handed over as a node whose value is known."""

    def check_pool(pool: Resource, _: Settings) -> Findings:
        accelerator = pool.props.at("accelerator")
        if accelerator.unknown:
            yield NotDecided.because_of(accelerator)
        elif accelerator.text:
            yield from check(pool, accelerator)

    return check_pool
