"""How the events of a dossier stand to each other: a pure function of their briefs.

A plan is fulfilled by the first fact that fits it, and cancelled by the first report that it was called off or refused.
A happening and its denial outright contradict each other. An allegation is denied by the accused.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from pipelines.consolidation.agreement import AHEAD, nested, same_body
from pipelines.consolidation.dates import TIME_ZONES, Days, day, days, same_time
from pipelines.consolidation.names import claim_words
from schemas.event import Links
from schemas.state import EventBrief
from schemas.vocabulary import Body, EventStatus, EventType, Modality, Role

PLAN_GRACE = 30
"""Days after its planned date within which a step still fulfils the plan."""

PLAN_REACH = 365
"""Days after its report within which a step fulfils a plan without a date."""

DENIAL_REACH = 90
"""Days after an allegation within which a denial is one of it."""

SAME_OCCASION = 3
"""Days between reports of what happens often (talks) within which "took place" and "did not" are about one."""

ONCE = frozenset(
    {EventType.ACCESSION, EventType.DEPOSIT, EventType.ENTRY_INTO_FORCE, EventType.RATIFICATION, EventType.SIGNATURE}
)
"""Steps that, once taken, stay taken: to say later that they were not contradicts them."""

ASIDE = frozenset({Role.MEDIATOR, Role.PROPOSER})
"""Roles of those who act on an act of others."""

REFUSABLE = frozenset(
    {EventType.ACCESSION, EventType.ADOPTION, EventType.EXTENSION, EventType.RATIFICATION, EventType.SIGNATURE}
)
"""Plans that a rejection ends."""

CONSENT = REFUSABLE | {EventType.REJECTION}
ACCUSATION = frozenset({EventType.ALLEGATION, EventType.DENIAL})


INVERSE = {"cancels": "cancelled_by", "contradicts": "contradicts", "denies": "denied_by", "fulfils": "fulfilled_by"}


class Standing(NamedTuple):
    """Where an event stands among the others."""

    status: EventStatus
    links: Links


def family(types: Iterable[EventType]) -> frozenset[EventType]:
    """These types and those whose events' links may change with theirs."""
    found = set(types)
    if found & CONSENT:
        found |= CONSENT
    if found & ACCUSATION:
        found |= ACCUSATION
    return frozenset(found)


def relate(briefs: Iterable[EventBrief]) -> dict[str, Standing]:
    """Status and links of each event, by its id, given all of a dossier's events of a `family` of types.

    What is retracted has no links.
    """
    all_ = list(briefs)
    by_type: dict[EventType, list[EventBrief]] = {}
    for one in all_:
        if one.status is not EventStatus.RETRACTED:
            by_type.setdefault(one.type, []).append(one)
    refusals = [one for one in by_type.get(EventType.REJECTION, ()) if one.modality is Modality.OCCURRED]
    links: dict[str, dict[str, set[str]]] = {}
    for type_, same in by_type.items():
        for one, relation, other in _links(same, refusals if type_ in REFUSABLE else []):
            _note(links, one, relation, other)
    for denial, allegation in _denials(by_type.get(EventType.DENIAL, ()), by_type.get(EventType.ALLEGATION, ())):
        _note(links, denial, "denies", allegation)
    return {one.id: _standing(one, links.get(one.id, {})) for one in all_}


def _note(links: dict[str, dict[str, set[str]]], one: EventBrief, relation: str, other: EventBrief) -> None:
    links.setdefault(one.id, {}).setdefault(relation, set()).add(other.id)
    links.setdefault(other.id, {}).setdefault(INVERSE[relation], set()).add(one.id)


def _links(same: Sequence[EventBrief], refusals: Sequence[EventBrief]) -> Iterator[tuple[EventBrief, str, EventBrief]]:
    """The links among events of one type, and of refusals to its plans."""
    facts = sorted((one for one in same if one.modality is Modality.OCCURRED), key=_happened)
    negated = [one for one in same if one.modality is Modality.NEGATED]
    ends = sorted([*negated, *refusals], key=_reported)
    happened, reported = [_days(fact).last for fact in facts], [day(end.first_seen) for end in ends]
    longest = max((_days(fact).length for fact in facts), default=0)
    for plan in same:
        if plan.modality not in AHEAD:
            continue
        first = bisect_left(happened, day(plan.first_seen) - TIME_ZONES)
        last = bisect_right(happened, _last_day(plan) + longest)
        yield from ((fact, "fulfils", plan) for fact in _first(facts[first:last], plan, fulfils))
        first, last = bisect_left(reported, day(plan.first_seen)), bisect_right(reported, _last_day(plan))
        yield from ((end, "cancels", plan) for end in _first(ends[first:last], plan, cancels))
    by_act: dict[tuple[frozenset[str], Body | None], list[EventBrief]] = {}
    for fact in facts if negated else ():
        by_act.setdefault((_codes(fact), fact.body), []).append(fact)
    for denial in negated:
        for fact in _near(by_act.get((_codes(denial), denial.body), ()), denial):
            if contradict(fact, denial):
                yield fact, "contradicts", denial


def _near(facts: Sequence[EventBrief], denial: EventBrief) -> Sequence[EventBrief]:
    """Of facts in order of their last days, those that a denial may be about: a few, where they happen often."""
    if denial.type in ONCE:
        return facts
    spoken_of = _days(denial)
    first = bisect_left(facts, spoken_of.first - 2 * SAME_OCCASION, key=_last)
    return facts[first : bisect_right(facts, spoken_of.last + 2 * SAME_OCCASION, key=_last)]


def _first(
    events: Sequence[EventBrief], plan: EventBrief, fits: Callable[[EventBrief, EventBrief], bool]
) -> Sequence[EventBrief]:
    for event in events:
        if fits(event, plan):
            return (event,)
    return ()


def _denials(
    denials: Sequence[EventBrief], allegations: Sequence[EventBrief]
) -> Iterator[tuple[EventBrief, EventBrief]]:
    alleged = sorted(allegations, key=_reported)
    reported = [day(allegation.first_seen) for allegation in alleged]
    for denial in denials:
        first = bisect_left(reported, day(denial.first_seen) - DENIAL_REACH)
        last = bisect_right(reported, day(denial.first_seen) + TIME_ZONES)
        for allegation in alleged[first:last]:
            if denies(denial, allegation):
                yield denial, allegation


def _last_day(plan: EventBrief) -> int:
    """The last day on which a step still is the one that was planned."""
    return days(plan.date).last + PLAN_GRACE if plan.date is not None else day(plan.first_seen) + PLAN_REACH


def fulfils(fact: EventBrief, plan: EventBrief) -> bool:
    """Whether what occurred is what was planned, proposed or made conditional.

    It happened no earlier than the day before the plan was reported, nor later than the planned date allows.
    """
    if not _same_act(fact, plan):
        return False
    happened, reported = _days(fact), day(plan.first_seen)
    if happened.last < reported - TIME_ZONES:
        return False
    return happened.first <= _last_day(plan)


def cancels(end: EventBrief, plan: EventBrief) -> bool:
    """Whether a negated step or a refusal, reported after the plan, ends it.

    "Has not ratified" does not: without a date in common, the sentence has to say that it was called off.
    """
    if end.first_seen < plan.first_seen or not _same_actors(end, plan) or not same_body(end.body, plan.body):
        return False
    if day(end.first_seen) > _last_day(plan):
        return False
    if end.type is EventType.REJECTION:
        return True
    if end.called_off:
        return end.date is None or plan.date is None or same_time(end.date, plan.date)
    return end.date is not None and plan.date is not None and same_time(end.date, plan.date)


def contradict(fact: EventBrief, denial: EventBrief) -> bool:
    """Whether "it happened" and "it did not" cannot both be right.

    Said of the same actors and body. A step that stays taken is contradicted by whoever says so later; anything else
    only where both speak of one occasion.
    """
    actors = _codes(fact)
    if not actors or actors != _codes(denial) or fact.body != denial.body or denial.called_off:
        return False
    happened, spoken_of = _days(fact), _days(denial)
    if fact.type in ONCE:
        return happened.last <= spoken_of.first
    if fact.date is not None and denial.date is not None:
        return same_time(fact.date, denial.date) and days(fact.date).length <= SAME_OCCASION
    return abs(spoken_of.first - happened.last) <= SAME_OCCASION and happened.length <= SAME_OCCASION


def denies(denial: EventBrief, allegation: EventBrief) -> bool:
    """Whether the accused denies this very allegation."""
    if Modality.OCCURRED not in (denial.modality, allegation.modality) or denial.modality is not allegation.modality:
        return False
    accused = _codes(allegation, Role.ACCUSED)
    denying = _codes(denial, Role.DENIER, Role.ACCUSED, Role.PARTY)
    if not accused or not accused & denying:
        return False
    accusers = _codes(denial, Role.ACCUSER)
    if accusers and not nested(accusers, _codes(allegation, Role.ACCUSER)):
        return False
    after = day(denial.first_seen) - day(allegation.first_seen)
    if not -TIME_ZONES <= after <= DENIAL_REACH:
        return False
    claim, denied = claim_words(allegation.claim), claim_words(denial.claim)
    return not claim or not denied or bool(claim & denied)


def _standing(one: EventBrief, related: dict[str, set[str]]) -> Standing:
    links = Links(**{relation: tuple(sorted(ids)) for relation, ids in related.items()})
    if one.status is EventStatus.RETRACTED:
        status = EventStatus.RETRACTED
    elif links.contradicts or links.denied_by:
        status = EventStatus.CONTRADICTED
    elif links.fulfilled_by:
        status = EventStatus.FULFILLED
    elif links.cancelled_by:
        status = EventStatus.CANCELLED
    else:
        status = EventStatus.STANDING
    return Standing(status, links)


def _same_act(one: EventBrief, other: EventBrief) -> bool:
    return _same_actors(one, other) and same_body(one.body, other.body)


def _same_actors(one: EventBrief, other: EventBrief) -> bool:
    return nested(_codes(one), _codes(other))


def _codes(one: EventBrief, *roles: Role) -> frozenset[str]:
    if roles:
        return frozenset(actor.code for actor in one.actors if actor.role in roles)
    return frozenset([actor.code for actor in one.actors if actor.role not in ASIDE])


def _days(one: EventBrief) -> Days:
    return days(one.date) if one.date is not None else Days(day(one.first_seen), day(one.first_seen))


def _last(one: EventBrief) -> int:
    return _days(one).last


def _happened(one: EventBrief) -> tuple[int, int, str]:
    when = _days(one)
    return when.last, when.first, one.id


def _reported(one: EventBrief) -> tuple[float, str]:
    return one.first_seen.timestamp(), one.id
