"""Candidates: what the patterns find in a sentence, before anything is decided about it."""

from typing import NamedTuple

from pipelines.detection.english.actors import Agent
from pipelines.detection.english.instruments import InstrumentPhrase
from schemas.mention import Vote
from schemas.vocabulary import Body, EventType, Modality, Role


class Candidate(NamedTuple):
    """A happening that a pattern has found."""

    type: EventType
    modality: Modality
    pattern: str
    sentence: int
    """Index of the sentence."""
    trigger: int
    """Index of the trigger's first token."""
    first: int
    """The evidence: tokens ``[first, last)``."""
    last: int
    instrument: InstrumentPhrase | None
    actors: tuple[tuple[Agent, Role], ...]
    parties: tuple[str, ...]
    body: Body | None = None
    vote: Vote | None = None
    date: str | None = None
    claim: str | None = None
    cues: tuple[str, ...] = ()
    """What decided the modality."""
    governors: tuple[int, ...] = ()
    """Indices of the words that govern the trigger."""
    guessed: bool = False
    """Whether the parties are merely those whom the sentence names besides."""
    slot: str = ""
    """Where the theme stood."""
    support: float = 0.0
    """How likely the models find the type at the trigger."""
    sure: float = 0.0
    """How likely they find the modality."""
    reread: bool = False
    """Whether they read another modality than the rules."""
    features: tuple[str, ...] = ()
    """What the confidence is computed from."""
    confidence: float = 0.5
