"""A service that has no node to run on ends `up` within bounds, with the scheduler's reason; room cures it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab import cluster
from tests.lab.platform import GPU, Platform, pod

pytestmark = [pytest.mark.lab, pytest.mark.enable_socket]

_TOLERATION = {"key": GPU, "operator": "Exists", "effect": "NoSchedule"}


@pytest.fixture
def full(platform: Platform) -> Iterator[Platform]:
    """Return the platform with every idle L4 taken by Pods of the same priority, which no service can push off."""
    names = [f"filler-{index}" for index in range(4)]
    fillers = [
        pod(
            name,
            "default",
            {GPU: 1},
            nodeSelector={"gpu-platform.dev/pool": "l4"},
            tolerations=[_TOLERATION],
            priorityClassName="gpu-platform-serving",
        )
        for name in names
    ]
    platform.create(*fillers)
    cluster.eventually(
        lambda: len(platform.items("pods", "-n", "default", "--field-selector=status.phase=Running")) == 2,
        "the two L4 that serving leaves idle are taken",
    )
    yield platform
    platform.lab.kubectl("delete", "pods", "-n", "default", "--ignore-not-found", "--wait=true", *names)


def test_a_service_that_cannot_be_scheduled_fails_up_with_the_reason_and_room_cures_it(full: Platform) -> None:
    service = full.checkout.root / "components" / "examples" / "inference.py"
    text = service.read_text()
    assert "_AWAIT_SECONDS = 120" in text, "the wait is bounded, far below the engine's ten minutes"
    # The same bound, sooner, and a change that makes new Pods. Both stay: program and cluster go on in step.
    drained = text.replace("_DRAIN_SECONDS = 20", "_DRAIN_SECONDS = 25").replace("_SECONDS = 120", "_SECONDS = 15")
    assert drained != text
    service.write_text(drained)

    result = full.checkout.run("up")
    printed = result.stdout + result.stderr
    assert result.returncode == 1, printed
    assert "platform-inference-deployment" in printed, "which service"
    assert f"Insufficient {GPU}" in printed, f"the scheduler's reason:\n{printed}"
    assert "`make up` goes on from here" in printed
    served = full.get("deployment", "inference", "-n", "vision")["status"]["readyReplicas"]
    assert served == 2, "the old replicas go on serving meanwhile"

    full.lab.kubectl("delete", "pods", "-n", "default", "--all", "--wait=true")
    full.checkout.up()
    assert "no changes" in full.checkout.up(), "it has converged"
    drain = full.get("deployment", "inference", "-n", "vision")["spec"]["template"]["spec"]
    assert drain["terminationGracePeriodSeconds"] == 75, "on what the failed run was about"
