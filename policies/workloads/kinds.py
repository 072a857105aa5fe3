"""Reads Pulumi's type tokens of Kubernetes resources, and opens lists. Knows no kind in particular."""

from collections.abc import Iterator
from dataclasses import dataclass

from policies.frame.reading import Node
from policies.frame.rule import Resource

CORE = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A Kubernetes kind without its version, which decides nothing here. The core group is the empty string."""

    group: str
    name: str
    is_list: bool = False
    is_patch: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What tables of kinds are keyed by."""
        return self.group, self.name


@dataclass(frozen=True, slots=True)
class Object:
    """One Kubernetes object of a resource: the resource itself, or an item of a list."""

    kind: Kind
    root: Node

    @property
    def namespace(self) -> Node:
        """The namespace the object says it lives in."""
        return self.root.at("metadata", "namespace")


def kind_of(token: str) -> Kind | None:
    """The kind behind `kubernetes:apps/v1:Deployment`, its List and its Patch; None for any other token."""
    provider, _, rest = token.partition(":")
    api_version, _, name = rest.rpartition(":")
    if provider != "kubernetes" or not api_version:
        return None
    group = api_version.rpartition("/")[0]
    group = CORE if group == "core" else group
    for suffix in ("List", "Patch"):
        if name.endswith(suffix) and name != suffix:
            return Kind(group, name.removesuffix(suffix), is_list=suffix == "List", is_patch=suffix == "Patch")
    return Kind(group, name)


def objects(resource: Resource) -> Iterator[Object]:
    """The objects of a Kubernetes resource. A patch is one too: it holds only the fields that it changes."""
    kind = kind_of(resource.type)
    if kind is None:
        return
    if not kind.is_list:
        yield Object(kind, resource.props)
        return
    for item in resource.props.at("items").items():
        yield Object(kind, item)
