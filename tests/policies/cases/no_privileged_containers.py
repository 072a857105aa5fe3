"""Cases of no-privileged-containers."""

from tests.policies.builders import container, deployment, every_kind, pod, spec
from tests.policies.harness import UNKNOWN, Given

_PRIVILEGED = container(securityContext={"privileged": True})

PASSING: dict[str, list[Given]] = {
    "no security context": [deployment(spec())],
    "privileged is false": [deployment(spec(container(securityContext={"privileged": False})))],
    "privileged is null": [deployment(spec(container(securityContext={"privileged": None})))],
    "another resource with a field of that name": [Given("aws:ec2/instance:Instance", {"privileged": True})],
    "a custom resource without Pods": [Given("kubernetes:example.dev/v1:Thing", {"spec": spec(_PRIVILEGED)})],
}
VIOLATING: dict[str, list[Given]] = {
    "init container": [deployment(spec(initContainers=[_PRIVILEGED]))],
    "ephemeral container": [pod(spec(ephemeralContainers=[_PRIVILEGED]))],
    "beside an unknown": [deployment(spec(container(image=UNKNOWN, securityContext=UNKNOWN), _PRIVILEGED))],
    **{f"in a {kind}": [given] for kind, given in every_kind(spec(_PRIVILEGED)).items()},
}
UNDECIDED: dict[str, list[Given]] = {
    "privileged is unknown": [deployment(spec(container(securityContext={"privileged": UNKNOWN})))],
    "security context is unknown": [deployment(spec(container(securityContext=UNKNOWN)))],
    "container is unknown": [deployment({"containers": [UNKNOWN]})],
    "containers are unknown": [deployment({"containers": UNKNOWN})],
    "spec is unknown": [Given("kubernetes:apps/v1:Deployment", {"spec": UNKNOWN})],
    "list is unknown": [Given("kubernetes:apps/v1:DeploymentList", {"items": UNKNOWN})],
}
