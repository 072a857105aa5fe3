"""The Pulumi program: read the specification, build the platform, export what its users need."""

from pathlib import Path

import pulumi

from components.platform import Platform, PlatformArgs
from components.spec import SpecError
from components.spec.engine import from_engine, read_kubeconfig

try:
    spec = from_engine()
    kubeconfig = read_kubeconfig(spec.cluster.kubeconfig, Path(__file__).parent)
except SpecError as error:
    raise pulumi.RunError(str(error)) from None

platform = Platform("platform", PlatformArgs(stack=pulumi.get_stack(), spec=spec, kubeconfig=kubeconfig))

pulumi.export("pools", {name: pool.selector for name, pool in platform.cluster.pools.items()})
pulumi.export("tenants", {name: tenant.namespace for name, tenant in platform.tenants.items()})
