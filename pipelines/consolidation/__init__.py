"""Mentions of many articles become events, dossiers and developments. Pure: no input or output, no clock, no log."""

from pipelines.consolidation.aggregate import AggregateKey, aggregate_of, statements
from pipelines.consolidation.canonical import canonical, canonical_dossier
from pipelines.consolidation.consolidate import Outcome, consolidate
from pipelines.consolidation.simhash import fingerprint, same_text

__all__ = [
    "AggregateKey",
    "Outcome",
    "aggregate_of",
    "canonical",
    "canonical_dossier",
    "consolidate",
    "fingerprint",
    "same_text",
    "statements",
]
