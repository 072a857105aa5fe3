"""What must not be applied is not: mistakes in a stack file, and what the policies forbid, touch nothing."""

from __future__ import annotations

import pytest

from tests.lab.platform import Platform, digests, replaced, versions

pytestmark = [pytest.mark.lab, pytest.mark.enable_socket]

# (what stands in the stack file, what stands there by mistake, what its message says)
MISTAKES = [
    ("purpose: lab", "purpose: labs", "environment.purpose: 'labs' is not known"),
    ("vcpu: 8", "vcpu: eight", "pools.cpu.vcpu: 'eight' is not valid"),
    ("accelerator: l4", "accelerator: l44", "pools.l4.accelerator: 'l44' is not known"),
    ("{min: 2, max: 4}", "{min: 9, max: 4}", "pools.l4.nodes.min: 9 is above max"),
    ("capacity: reserved", "capcity: reserved", "pools.h100.capcity: unknown field 'capcity'"),
    ("storage: 2Ti", "storage: 2TB", "tenants.vision.quota.storage: '2TB' is not valid"),
    ("viewers: [finance]", "viewer: [finance]", "tenants.language.groups.viewer: unknown field 'viewer'"),
    ("tenant: vision", "tenant: visions", "examples.tenant: 'visions' is not known"),
    ("training_pool: h100", "training_pool: h200", "examples.training_pool: 'h200' is not known"),
    ("  gpu-platform:examples:", "  aws:region: x\n  gpu-platform:examples:", "'aws:region' is not read"),
]


@pytest.mark.parametrize("command", ["up", "preview"])
def test_ten_mistakes_give_ten_messages_and_touch_nothing(platform: Platform, command: str) -> None:
    before, files = versions(platform.everything()), digests(platform.folder)
    stack_file = platform.checkout.root / "stacks" / "Pulumi.local.yaml"
    with replaced(stack_file, *((right, wrong) for right, wrong, _ in MISTAKES)):
        result = platform.checkout.run(command)
    assert result.returncode == 1
    messages = [line for line in result.stderr.splitlines() if line.startswith("stacks/Pulumi.local.yaml:")]
    assert len(messages) == len(MISTAKES), result.stderr
    for _, _, words in MISTAKES:
        assert any(words in line for line in messages), f"no message says {words!r}:\n{result.stderr}"
    assert "10 mistakes; nothing was touched" in result.stderr
    assert "Traceback" not in result.stderr
    assert versions(platform.everything()) == before, "the cluster is as before"
    assert digests(platform.folder) == files, "and so is the engine's state, byte for byte"


def test_a_broken_mandatory_policy_fails_up_before_anything_is_touched(platform: Platform) -> None:
    before, state = versions(platform.everything()), digests(platform.folder / "state")
    pods = platform.checkout.root / "components" / "examples" / "pods.py"
    with replaced(pods, ("allow_privilege_escalation=False,", "privileged=True,")):
        result = platform.checkout.run("up")
    printed = result.stdout + result.stderr
    assert result.returncode == 1
    assert "no-privileged-containers" in printed, "the rule"
    assert 'container "server" is privileged' in printed, "what breaks it"
    assert "Remove `securityContext.privileged`" in printed, "the remedy"
    assert "platform-inference-deployment" in printed, "where"
    assert "nothing was changed" in printed
    assert versions(platform.everything()) == before, "the cluster is as before"
    assert digests(platform.folder / "state") == state, "and so is the engine's state"
