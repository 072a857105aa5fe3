"""Queues: who may use how much of which pool, and who waits. Kueue decides; this says by which numbers."""

from components.queueing.flavors import Flavors
from components.queueing.queues import tenant_queue

__all__ = ["Flavors", "tenant_queue"]
