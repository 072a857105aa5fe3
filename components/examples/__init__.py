"""Two workloads that use the platform as a tenant would: switched on by a stack file's `examples` section."""

from components.examples.inference import Inference
from components.examples.pods import ExampleArgs
from components.examples.training import Training

__all__ = ["ExampleArgs", "Inference", "Training"]
