"""A stack file's mistakes: all at once, each with its place, what is permitted, and the nearest word."""

from pathlib import Path

import pytest

from components.spec import SpecError, load_files

ROOT = Path(__file__).parents[2]
LOCAL = (ROOT / "stacks" / "Pulumi.local.yaml").read_text()


def _messages(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "Pulumi.test.yaml"
    file.write_text(text)
    with pytest.raises(SpecError) as caught:
        load_files(file, "stacks/Pulumi.test.yaml", ROOT / "Pulumi.yaml")
    return [str(problem) for problem in caught.value.problems]


def _line(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


# (what stands in the stack file, what stands there by mistake, words that the message must have)
MISTAKES = {
    "a misspelt section": ("gpu-platform:examples:", "gpu-platform:exmples:", ["exmples", "did you mean 'examples'?"]),
    "a misspelt field": ("accelerator: h100", "acelerator: h100", ["acelerator", "did you mean 'accelerator'?"]),
    "an unknown accelerator": ("accelerator: h100", "accelerator: h10", ["'h10' is not known", "did you mean 'h100'?"]),
    "a machine that no cloud has": ("per_node: 8", "per_node: 7", ["no machine with 7 x h100", "1 or 8 per node"]),
    "an unknown purpose": ("purpose: lab", "purpose: labs", ["lab, dev, staging, prod", "did you mean 'lab'?"]),
    "an unknown backend": (
        "backend: simulated",
        "backend: simulate",
        ["simulated, existing", "did you mean 'simulated'?"],
    ),
    "an amount that Kubernetes does not know": ("storage: 2Ti", "storage: 2TB", ["'2TB'", "Mi, Gi or Ti"]),
    "a text where a number belongs": ("vcpu: 8", "vcpu: eight", ["'eight'", "integer"]),
    "a minimum above the maximum": ("{min: 2, max: 4}", "{min: 9, max: 4}", ["9 is above max", "0 to 4"]),
    "a pool that is not there": ("l4: {unqueued: 3}", "l5: {unqueued: 3}", ["'l5' is not known", "did you mean 'l4'?"]),
    "a tenant that is not there": ("tenant: vision", "tenant: visions", ["'visions'", "did you mean 'vision'?"]),
    "a quota of the wrong kind": (
        "cpu: {cpu: 12, memory: 48Gi}",
        "cpu: {nominal: 12}",
        ["has no accelerators", "cpu, memory"],
    ),
    "quotas above what the pool can hold": (
        "h100: {nominal: 16, borrowing: 16} # may",
        "h100: {nominal: 17} # may",
        ["17 (vision) + 16 (language) = 33", "32"],
    ),
    "an example on a pool without accelerators": (
        "serving_pool: l4",
        "serving_pool: cpu",
        ["has no accelerators", "l4, h100"],
    ),
    "a name that Kubernetes refuses": ("    vision:\n", "    Vision:\n", ["'Vision' can't be a name", "lower-case"]),
    "configuration that nothing reads": ("gpu-platform:examples:", "aws:region:", ["aws:region", "gpu-platform:"]),
    "a key stated twice": ("    capacity: reserved", "    capacity: spot\n      capacity: reserved", ["stated twice"]),
}


@pytest.mark.parametrize(("right", "wrong", "words"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_its_line_and_remedy(tmp_path: Path, right: str, wrong: str, words: list[str]) -> None:
    assert right in LOCAL, "the case no longer changes anything"
    text = LOCAL.replace(right, wrong, 1)
    messages = _messages(tmp_path, text)
    fitting = [message for message in messages if all(word in message for word in words)]
    assert fitting, f"no message has {words}: {messages}"
    assert fitting[0].startswith("stacks/Pulumi.test.yaml:"), "the place is a file and a line"


def test_the_line_is_the_mistakes_own(tmp_path: Path) -> None:
    text = LOCAL.replace("per_node: 8", "per_node: 7")
    place = _messages(tmp_path, text)[0].split(": ")[0]
    assert place == f"stacks/Pulumi.test.yaml:{_line(text, 'per_node: 7')}"


def test_ten_mistakes_give_ten_messages(tmp_path: Path) -> None:
    changes = [
        ("purpose: lab", "purpose: labs"),
        ("resembles: aws", "resembles: azure"),
        ("vcpu: 8", "vcpu: eight"),
        ("accelerator: l4", "acelerator: l4"),
        ("{min: 0, max: 4}", "{min: 0, max: 0}"),
        ("capacity: reserved", "capacity: reservd"),
        ("cpu: {cpu: 12, memory: 48Gi}", "cpu: {cpu: 12, memory: 48G}"),
        ("viewers: [finance]", "viewers: finance"),
        ("storage: 2Ti", "storag: 2Ti"),
        ("training_pool: h100", "training_pool: h200"),
    ]
    text = LOCAL
    for right, wrong in changes:
        assert right in text, right
        text = text.replace(right, wrong, 1)
    messages = _messages(tmp_path, text)
    assert len(messages) == len(changes), "\n".join(messages)
    lines = [int(message.split(":")[1]) for message in messages]
    assert lines == sorted(lines), "messages come in the order of the file"


def test_an_encrypted_value_in_the_wrong_place_is_never_printed(tmp_path: Path) -> None:
    text = LOCAL.replace("purpose: lab", "purpose:\n      secure: v1:hunter2:marker")
    assert "hunter2" not in "".join(_messages(tmp_path, text))


def test_a_long_value_is_cut(tmp_path: Path) -> None:
    pasted = "AKIA" + "x" * 200
    messages = _messages(tmp_path, LOCAL.replace("purpose: lab", f"purpose: {pasted}"))
    assert pasted not in "".join(messages), "a pasted key must not be printed whole"


def test_a_misspelt_required_field_is_one_mistake(tmp_path: Path) -> None:
    messages = _messages(tmp_path, LOCAL.replace("accelerator: h100", "acelerator: h100"))
    assert len(messages) == 1, f"'is missing' would tell of it twice: {messages}"


@pytest.mark.parametrize("text", ["config: [", "- a\n- b\n", "config:\n\t- x"])
def test_what_is_not_yaml_is_told_without_a_traceback(tmp_path: Path, text: str) -> None:
    messages = _messages(tmp_path, text)
    assert messages
    assert all(message.startswith("stacks/Pulumi.test.yaml") for message in messages)


def test_an_empty_stack_file_is_told_what_it_lacks(tmp_path: Path) -> None:
    messages = _messages(tmp_path, "")
    assert {"cluster", "pools"} <= {message.split(": ")[1] for message in messages}


def test_a_value_of_the_shared_defaults_is_told_at_its_own_place(tmp_path: Path) -> None:
    project = tmp_path / "Pulumi.yaml"
    project.write_text((ROOT / "Pulumi.yaml").read_text().replace("owner: platform-team", "owner: Platform Team"))
    stack = tmp_path / "Pulumi.test.yaml"
    stack.write_text(LOCAL)
    with pytest.raises(SpecError) as caught:
        load_files(stack, "stacks/Pulumi.test.yaml", project)
    assert [problem.place.split(":")[0] for problem in caught.value.problems] == ["Pulumi.yaml"]
