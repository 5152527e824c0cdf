"""Patterns: how a language words a happening, as data."""

from enum import Enum

from msgspec import Struct

from schemas.vocabulary import EventType, Modality, Role


class Theme(Enum):
    """What the happening must be about, for a pattern to hold."""

    INSTRUMENT = "instrument"
    MEMBERSHIP = "membership"  # an instrument, or an organisation that is joined or left
    TALKS = "talks"  # an instrument aimed at, or an aim such as "nuclear talks"
    ANYTHING = "anything"  # the trigger says enough


class Pattern(Struct, frozen=True, kw_only=True):
    """One way to word one type of happening."""

    id: str
    """``type.wording``."""
    type: EventType
    basis: str
    """Article of the VCLT, or coding rule of the event model."""
    lemmas: tuple[str, ...]
    """The trigger: any of these verbs, or nouns."""
    noun: bool = False
    particles: tuple[str, ...] = ()
    """What must follow the trigger, each a word or several; none: nothing need follow."""
    theme: Theme = Theme.INSTRUMENT
    slots: tuple[str, ...] = ("object",)
    """Where the theme stands: ``object``, ``subject``, ``possessor`` or a preposition; the first that has one."""
    agents: tuple[str, ...] = ("subject",)
    """Where those stand who act, in the active; in the passive they follow "by"."""
    role: Role | None = None
    """What they do; None where the type has no actors."""
    mutual: bool = False
    """Whether those "with" whom, or "between" whom, act too."""
    kinds: tuple[str, ...] = ()
    """Kinds of instrument that it is said of; none: any."""
    needs: tuple[str, ...] = ()
    """Words of which one must stand in the clause after the trigger, or right before it."""
    forbids: tuple[str, ...] = ()
    """Words that make it another verb when they follow the trigger directly."""
    governed: tuple[str, ...] = ()
    """Verbs of which one must govern the trigger."""
    intransitive: bool = False
    """Whether an object of the trigger speaks against it."""
    ahead: bool = False
    """Whether it holds only of what is still to come."""
    modality: Modality | None = None
    """What the wording itself says of it, whatever governs the trigger; None: the clause decides."""
    accepts: tuple[str, ...] = ()
    """Sentences in which it finds the happening, ``occurred`` or of its own modality."""
    rejects: tuple[str, ...] = ()
    """Sentences in which it does not."""
