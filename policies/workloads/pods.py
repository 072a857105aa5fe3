"""Finds the Pod templates of a resource wherever its kind keeps them, and their containers.

Owns the table of kinds. A custom resource that is not in it is not looked into: adding one is adding a row.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from policies.frame.reading import Node
from policies.frame.rule import Findings, NotDecided, Resource, Setting, Settings, Violation
from policies.workloads.kinds import CORE, Object, kind_of, objects

_EACH = "*"
_TEMPLATE = ("spec", "template")
_RAY_CLUSTER = (("headGroupSpec", "template"), ("workerGroupSpecs", _EACH, "template"))

# (group, kind): the paths of its Pod templates; "*" stands for every element of a list or every field of an object.
_TEMPLATES: dict[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    (CORE, "Pod"): ((),),
    (CORE, "PodTemplate"): (("template",),),
    (CORE, "ReplicationController"): (_TEMPLATE,),
    ("apps", "Deployment"): (_TEMPLATE,),
    ("apps", "StatefulSet"): (_TEMPLATE,),
    ("apps", "DaemonSet"): (_TEMPLATE,),
    ("apps", "ReplicaSet"): (_TEMPLATE,),
    ("batch", "Job"): (_TEMPLATE,),
    ("batch", "CronJob"): (("spec", "jobTemplate", "spec", "template"),),
    ("jobset.x-k8s.io", "JobSet"): (("spec", "replicatedJobs", _EACH, "template", "spec", "template"),),
    ("leaderworkerset.x-k8s.io", "LeaderWorkerSet"): (
        ("spec", "leaderWorkerTemplate", "leaderTemplate"),
        ("spec", "leaderWorkerTemplate", "workerTemplate"),
    ),
    ("ray.io", "RayCluster"): tuple(("spec", *path) for path in _RAY_CLUSTER),
    ("ray.io", "RayService"): tuple(("spec", "rayClusterConfig", *path) for path in _RAY_CLUSTER),
    ("ray.io", "RayJob"): (
        *(("spec", "rayClusterSpec", *path) for path in _RAY_CLUSTER),
        ("spec", "submitterPodTemplate"),
    ),
    ("kubeflow.org", "MPIJob"): (("spec", "mpiReplicaSpecs", _EACH, "template"),),
    ("kubeflow.org", "PyTorchJob"): (("spec", "pytorchReplicaSpecs", _EACH, "template"),),
}

EXEMPT_NAMESPACES = Setting("exemptNamespaces", "Namespaces whose Pods this rule leaves alone.")


@dataclass(frozen=True, slots=True)
class Container:
    """A container of any sort: `containers`, `initContainers` or `ephemeralContainers`."""

    node: Node
    field: str
    pod: "Pod"

    @property
    def label(self) -> str:
        """How messages name it: by its name, and by its place where that is not known."""
        name = self.node.at("name").text
        return f'{self.field.removesuffix("s")} "{name}"' if name else self.node.path


@dataclass(frozen=True, slots=True)
class Pod:
    """A Pod or Pod template, and the object that keeps it."""

    owner: Object
    template: Node

    @property
    def spec(self) -> Node:
        """The Pod spec."""
        return self.template.at("spec")

    @property
    def label(self) -> str:
        """How messages name it: its place in the object."""
        return self.spec.path

    @property
    def partial(self) -> bool:
        """Part of a patch: what is missing here may well be stated in the object that is patched."""
        return self.owner.kind.is_patch

    def containers(self) -> Iterator[Container]:
        """Every container. An unknown list is one container of which nothing is known."""
        for field in ("initContainers", "containers", "ephemeralContainers"):
            for node in self.spec.at(field).items():
                yield Container(node, field, self)


def has_pods(token: str) -> bool:
    """Whether resources of this type keep Pod templates."""
    kind = kind_of(token)
    return kind is not None and kind.key in _TEMPLATES


def pods_of(owner: Object) -> Iterator[Pod]:
    """The Pod templates of one object. A template that is absent (a leader's, say) is none."""
    for path in _TEMPLATES.get(owner.kind.key, ()):
        for node in _follow(owner.root, path):
            if not node.absent:
                yield Pod(owner, node)


def each_pod(check: Callable[[Pod], Findings]) -> Callable[[Resource, Settings], Findings]:
    """A resource rule's check out of a check of one Pod; Pods in exempt namespaces are left alone."""

    def check_resource(resource: Resource, settings: Settings) -> Findings:
        exempt = settings.get(EXEMPT_NAMESPACES.name, ())
        for owner in objects(resource):
            if owner.namespace.text in exempt:
                continue
            for pod in pods_of(owner):
                for finding in check(pod):
                    # The namespace may still turn out to be exempt.
                    hidden = exempt and owner.namespace.unknown and isinstance(finding, Violation)
                    yield NotDecided.because_of(owner.namespace) if hidden else finding

    return check_resource


def each_container(check: Callable[[Container], Findings]) -> Callable[[Resource, Settings], Findings]:
    """The same out of a check of one container."""

    def check_pod(pod: Pod) -> Findings:
        for container in pod.containers():
            yield from check(container)

    return each_pod(check_pod)


def _follow(node: Node, path: tuple[str, ...]) -> Iterator[Node]:
    if not path or node.unknown:
        yield node
    elif path[0] == _EACH:
        for _, below in node.fields():
            yield from _follow(below, path[1:])
        for below in node.items():
            yield from _follow(below, path[1:])
    else:
        yield from _follow(node.at(path[0]), path[1:])
