"""Who does it to whom: the source and target of CAMEO, the actor and recipient of PLOVER."""

from collections.abc import Collection, Iterator

from msgspec import Struct

from schemas.event import EventView
from schemas.vocabulary import Body, EventType, Role

MUTUAL = frozenset(
    {
        EventType.ADOPTION,
        EventType.AMENDMENT,
        EventType.ENTRY_INTO_FORCE,
        EventType.EXTENSION,
        EventType.NEGOTIATION,
        EventType.PROVISIONAL_APPLICATION,
        EventType.SIGNATURE,
    }
)
"""What its doers do with each other; CAMEO calls it reciprocal and codes it both ways."""

_BESIDE = frozenset({Role.ACCUSED, Role.COURT, Role.MEDIATOR, Role.PROPOSER, Role.RESPONDENT})


class Sides(Struct, frozen=True):
    """Codes in the order of the view; no code is on both sides."""

    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    mutual: bool = False
    """Whether the sources do it with each other."""

    def dyads(self) -> Iterator[tuple[str | None, str | None]]:
        """Each source with each target, and with each other source where that is meant; at least one, at worst empty.

        CAMEO codes a compound actor as several events, and a reciprocal event both ways (1.1b3 §2.3, 030 and 2.5, 057).
        """
        pairs = [(source, target) for source in self.sources for target in self.targets]
        if self.mutual:
            pairs += [(one, other) for one in self.sources for other in self.sources if one != other]
        yield from pairs
        if not pairs:
            yield from ((source, None) for source in self.sources)
            yield from ((None, target) for target in self.targets)
            if not self.sources and not self.targets:
                yield None, None


def sides(view: EventView) -> Sides:
    """Who does what the event tells, and to whom, as far as it says so.

    An accuser accuses, a claimant sues, a court finds, a proposer urges the others, a mediator talks with them; else
    those who act do so towards the other parties. What nobody does happens between the parties.
    """
    codes = {role: _codes(view, {role}) for role in {actor.role for actor in view.actors}}
    doers = tuple(dict.fromkeys(actor.code for actor in view.actors if actor.role not in _BESIDE))
    if view.type is EventType.ALLEGATION and Role.PROPOSER not in codes:
        return _directed(codes.get(Role.ACCUSER, ()), codes.get(Role.ACCUSED, ()), view)
    if view.type is EventType.DISPUTE and Role.PROPOSER not in codes:
        suing = codes.get(Role.COURT, ()) if view.body is Body.COURT else codes.get(Role.CLAIMANT, ())
        return _directed(suing, codes.get(Role.RESPONDENT, ()), view)
    if view.type is EventType.DENIAL and Role.DENIER in codes:
        return _directed(codes[Role.DENIER], codes.get(Role.ACCUSER, ()), view)
    if Role.PROPOSER in codes:
        return _directed(codes[Role.PROPOSER], doers, view)
    if view.type is EventType.NEGOTIATION and Role.MEDIATOR in codes:
        return _directed(codes[Role.MEDIATOR], doers, view)
    if doers:
        targets = tuple(code for code in view.parties if code not in doers)
        return Sides(doers, targets, mutual=view.type in MUTUAL or not targets)
    return Sides(view.parties, mutual=True)


def _directed(sources: tuple[str, ...], targets: tuple[str, ...], view: EventView) -> Sides:
    """One side towards the other; where the other is not named by role, towards the other parties."""
    others = targets or (view.parties if sources else ())
    return Sides(sources, tuple(code for code in others if code not in sources))


def _codes(view: EventView, roles: Collection[Role]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(actor.code for actor in view.actors if actor.role in roles))
