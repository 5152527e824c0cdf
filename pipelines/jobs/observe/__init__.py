"""What the jobs tell of themselves: metrics counted at the ports, health, and the listener that shows both.

Jobs know nothing of it. What they do is seen at their ports (`observed`) and at their step (`Pulse`); what only a store
knows is asked every ten seconds (`Sampler`).
"""

from pipelines.jobs.observe.gathering import Gathering
from pipelines.jobs.observe.listener import Verdict, listening
from pipelines.jobs.observe.metrics import Metrics
from pipelines.jobs.observe.observation import Observation, observing
from pipelines.jobs.observe.observing import observed, observed_engine

__all__ = [
    "Gathering",
    "Metrics",
    "Observation",
    "Verdict",
    "listening",
    "observed",
    "observed_engine",
    "observing",
]
