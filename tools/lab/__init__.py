"""The lab: a real Kubernetes control plane with simulated nodes, as host processes on loopback addresses.

Owns starting, watching over and ending these processes. It does not own their programs (`tools.toolchain`), nor
anything that a stack puts into the cluster.
"""

from tools.lab.errors import LabError
from tools.lab.lab import Lab
from tools.lab.states import ComponentStatus

__all__ = ["ComponentStatus", "Lab", "LabError"]
