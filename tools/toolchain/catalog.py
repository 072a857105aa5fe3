"""The tools a developer's machine needs, as data: what is compiled from which Go module, and what lies beside it.

Owns the pins that code reads; the Go modules in `tools/go/` own what the Go toolchain reads, and a test holds both
together. Does not build anything: that is `build`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_KUBERNETES = "k8s.io/kubernetes"
_PULUMI = "github.com/pulumi/pulumi"
_PROVIDER = "github.com/pulumi/pulumi-kubernetes/provider/v4"
_KWOK = "sigs.k8s.io/kwok"
_KUEUE = "sigs.k8s.io/kueue"
_HELM_CAPABILITIES = ("helm.sh/helm/v3/pkg/chartutil", "helm.sh/helm/v3/pkg/lint/rules")

# The engine starts the host of a Python program under this name, from the folder of its own binary. The stand-in lives
# in the checkout, which the cache must not know, so both places come from the environment.
_LANGUAGE_HOST = """\
#!/bin/sh
exec "${GPU_PLATFORM_PYTHON:?names no Python: run pulumi through the tools}" \\
    "${GPU_PLATFORM_LANGUAGE_HOST:?names no language host: run pulumi through the tools}" "$@"
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """A file or folder of a Go module that the tool's own go.mod pins."""

    module: str
    source: str
    target: str
    """Relative to the tool's folder; for `embeds`, to the module's source."""
    executable: bool = False
    """The module cache drops run bits."""
    json_version: str | None = None
    """Set as the top-level `version` of a JSON file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tool:
    """One Go module in `tools/go/` and what comes of it."""

    name: str
    version: str
    module: str
    """The upstream module; its version in go.mod is `pin`."""
    pin: str
    binaries: Mapping[str, str]
    """Name of the file in bin/, and its package."""
    ldflags: tuple[str, ...] = ()
    embeds: tuple[Copy, ...] = ()
    """What the sources embed, put beside them before compiling."""
    copies: tuple[Copy, ...] = ()
    scripts: Mapping[str, str] = field(default_factory=dict[str, str])
    plugin: str | None = None
    """Name of the folder in which Pulumi looks for this tool as a plugin."""
    cold: int
    """Seconds of a first build on two cores, to tell who waits."""


def _stamp(value: str, *variables: str) -> tuple[str, ...]:
    return tuple(f"-X={variable}={value}" for variable in variables)


def _kubernetes_stamps(version: str) -> tuple[str, ...]:
    """Pulumi's provider refuses a server without a version; both packages are read, by server and client."""
    major, minor, _ = version.split(".")
    packages = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
    values = {"gitVersion": f"v{version}", "gitMajor": major, "gitMinor": minor, "gitTreeState": "clean"}
    return tuple(f"-X={package}.{name}={value}" for package in packages for name, value in values.items())


def _crds(module: str, source: str, name: str) -> Copy:
    return Copy(module=module, source=source, target=f"assets/{name}/crds")


# Ordered so that what the lab needs first, and what compiles the packages that others share, comes first.
CATALOG: tuple[Tool, ...] = (
    Tool(
        name="etcd",
        version="3.6.16",
        module="go.etcd.io/etcd/server/v3",
        pin="v3.6.16",
        binaries={"etcd": "go.etcd.io/etcd/server/v3"},
        cold=30,
    ),
    Tool(
        name="control-plane",
        version="1.36.1",
        module=_KUBERNETES,
        pin="v1.36.1",
        binaries={
            name: f"{_KUBERNETES}/cmd/{name}"
            for name in ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")
        },
        ldflags=_kubernetes_stamps("1.36.1"),
        cold=290,
    ),
    Tool(
        name="kwok",
        version="0.8.0",
        module=_KWOK,
        pin="v0.8.0",
        binaries={"kwok": f"{_KWOK}/cmd/kwok", "kwokctl": f"{_KWOK}/cmd/kwokctl"},
        ldflags=_stamp("v0.8.0", f"{_KWOK}/pkg/consts.Version"),
        copies=(Copy(module=_KWOK, source="kustomize", target="assets/kustomize"),),
        cold=90,
    ),
    Tool(
        name="pulumi",
        version="3.259.0",
        module=f"{_PULUMI}/pkg/v3",
        pin="v3.259.0",
        binaries={"pulumi": f"{_PULUMI}/pkg/v3/cmd/pulumi"},
        ldflags=_stamp("3.259.0", f"{_PULUMI}/sdk/v3/go/common/version.Version"),
        copies=(
            Copy(
                module=f"{_PULUMI}/sdk/v3",
                source="python/cmd/pulumi-language-python-exec",
                target="bin/pulumi-language-python-exec",
                executable=True,
            ),
        ),
        scripts={"pulumi-language-python": _LANGUAGE_HOST},
        cold=200,
    ),
    Tool(
        name="kubernetes-provider",
        version="4.25.0",
        module=_PROVIDER,
        pin="v4.0.0-20260115033456-f47bc2d6f199",
        binaries={"pulumi-resource-kubernetes": "."},
        ldflags=_stamp("4.25.0", f"{_PROVIDER}/pkg/version.Version"),
        embeds=(
            Copy(
                module=_PROVIDER,
                source="cmd/pulumi-resource-kubernetes/schema.json",
                target="schema.json",
                json_version="4.25.0",
            ),
            Copy(
                module=_PROVIDER,
                source="cmd/pulumi-resource-kubernetes/terraform-mapping.json",
                target="terraform-mapping.json",
            ),
        ),
        plugin="resource-kubernetes-v4.25.0",
        cold=450,
    ),
    Tool(
        name="kueue",
        version="0.17.0",
        module=_KUEUE,
        pin="v0.17.0",
        binaries={"kueue": "."},
        ldflags=_stamp("v0.17.0", f"{_KUEUE}/pkg/version.GitVersion"),
        copies=(
            _crds(_KUEUE, "config/components/crd/bases", "kueue"),
            Copy(
                module=_KUEUE,
                source="config/components/crd/patches",
                target="assets/kueue/crd-patches",
            ),
            Copy(
                module=_KUEUE,
                source="config/components/webhook/manifests.yaml",
                target="assets/kueue/webhooks.yaml",
            ),
            Copy(module=_KUEUE, source="charts/kueue", target="assets/kueue/chart"),
            _crds("sigs.k8s.io/jobset", "config/components/crd/bases", "jobset"),
            Copy(
                module="sigs.k8s.io/jobset",
                source="config/components/webhook/manifests.yaml",
                target="assets/jobset/webhooks.yaml",
            ),
            _crds("sigs.k8s.io/lws", "config/crd/bases", "leaderworkerset"),
            Copy(
                module="sigs.k8s.io/lws",
                source="config/webhook/manifests.yaml",
                target="assets/leaderworkerset/webhooks.yaml",
            ),
        ),
        cold=180,
    ),
    Tool(
        name="helm",
        version="3.22.0",
        module="helm.sh/helm/v3",
        pin="v3.22.0",
        binaries={"helm": "helm.sh/helm/v3/cmd/helm"},
        # Offline, helm renders for the server it was stamped with; unstamped that is 1.20, which most charts refuse.
        ldflags=(
            *_stamp("v3.22.0", "helm.sh/helm/v3/internal/version.version"),
            *_stamp("1", *(f"{package}.k8sVersionMajor" for package in _HELM_CAPABILITIES)),
            *_stamp("36", *(f"{package}.k8sVersionMinor" for package in _HELM_CAPABILITIES)),
        ),
        cold=55,
    ),
)
