"""Cases of no-latest-tag."""

from tests.policies.builders import container, deployment, every_kind, spec
from tests.policies.harness import UNKNOWN, Given

_DIGEST = "sha256:" + "0" * 64


def _image(reference: object) -> list[Given]:
    return [deployment(spec(container(image=reference)))]


PASSING: dict[str, list[Given]] = {
    "a version": _image("vllm:0.11.0"),
    "a version behind a registry's port": _image("registry.example:5000/team/vllm:0.11.0"),
    "a digest": _image(f"registry.example:5000/team/vllm@{_DIGEST}"),
    "a digest beside the tag latest": _image(f"vllm:latest@{_DIGEST}"),
    "a tag that only begins with latest": _image("vllm:latest-2026-11"),
    "a template that leaves its image to others": [deployment(spec({"name": "trainer"}))],
}
VIOLATING: dict[str, list[Given]] = {
    "the tag latest": _image("vllm:latest"),
    "no tag": _image("vllm"),
    "an empty tag": _image("vllm:"),
    "no tag behind a registry's port": _image("registry.example:5000/vllm"),
    "latest behind a registry's port": _image("registry.example:5000/vllm:latest"),
    "an empty image": _image(""),
    **{f"in a {kind}": [given] for kind, given in every_kind(spec(container(image="vllm"))).items()},
}
UNDECIDED: dict[str, list[Given]] = {"image is unknown": _image(UNKNOWN)}
