"""The picture of the platform in the README: drawn from what the program registers, never by hand.

Owns drawing a recording as a Mermaid diagram (GitHub and most editors show it). Does not own what is recorded.
"""

from collections import Counter

from components.platform import Platform, PlatformArgs
from components.spec import load_stack
from tools.environment import ROOT
from tools.recorder import Recorded, Recording, record

_BEGIN, _END = "<!-- picture: written by `make docs` -->", "<!-- end of the picture -->"


def readme_with_picture() -> str:
    """Return the README with a picture of the stack `local` as it is now."""
    text = (ROOT / "README.md").read_text()
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n\n```mermaid\n{_drawn(_recorded())}```\n\n{_END}{after}"


def _recorded() -> Recording:
    spec = load_stack(ROOT, "local")
    args = PlatformArgs(stack="local", spec=spec, kubeconfig="")
    return record(lambda: Platform("platform", args), stack="local")


def _drawn(recording: Recording) -> str:
    """Draw each component with the objects that it registers itself, and an arrow from parent to child."""
    components = [each for each in recording.resources if each.type.startswith("gpu-platform:")]
    identities = {each.urn: f"c{index}" for index, each in enumerate(sorted(components, key=lambda each: each.name))}
    lines = ["flowchart LR"]
    for component in sorted(components, key=lambda each: each.name):
        objects = Counter(_kind(each) for each in _children(recording, component))
        listed = [f"{count} x {kind}" if count > 1 else kind for kind, count in sorted(objects.items())]
        kind = component.type.rpartition(":")[2]
        label = "<br/>".join([f"<b>{kind}</b> {component.name}", *listed])
        lines.append(f'  {identities[component.urn]}["{label}"]')
    lines += sorted(
        f"  {identities[component.parent]} --> {identities[component.urn]}"
        for component in components
        if component.parent in identities
    )
    return "\n".join(lines) + "\n"


def _children(recording: Recording, component: Recorded) -> list[Recorded]:
    return [
        each
        for each in recording.resources
        if each.parent == component.urn and not each.type.startswith("gpu-platform:")
    ]


def _kind(resource: Recorded) -> str:
    kind = resource.type.rpartition(":")[2]
    return f"{kind} provider" if resource.type.startswith("pulumi:providers:") else kind
