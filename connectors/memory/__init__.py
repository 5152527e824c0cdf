"""Every port in memory, for tests and for pure pipelines: the same answers, gone with the process."""

from connectors.memory.adapters import Adapters

__all__ = ["Adapters"]
