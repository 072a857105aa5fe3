"""Cases of no-host-namespaces."""

from tests.policies.builders import deployment, every_kind, spec
from tests.policies.harness import UNKNOWN, Given

PASSING: dict[str, list[Given]] = {
    "nothing stated": [deployment(spec())],
    "stated as false": [deployment(spec(hostNetwork=False, hostPID=False, hostIPC=False))],
}
VIOLATING: dict[str, list[Given]] = {
    **{field: [deployment(spec(**{field: True}))] for field in ("hostNetwork", "hostPID", "hostIPC")},
    "beside an unknown": [deployment(spec(hostNetwork=UNKNOWN, hostPID=True))],
    **{f"in a {kind}": [given] for kind, given in every_kind(spec(hostNetwork=True)).items()},
}
UNDECIDED: dict[str, list[Given]] = {
    "hostPID is unknown": [deployment(spec(hostPID=UNKNOWN))],
    "template is unknown": [Given("kubernetes:apps/v1:Deployment", {"spec": {"template": UNKNOWN}})],
}
