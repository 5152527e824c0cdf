"""Events and queries by the hundred thousand, the same ones each time; of words, states and types a few are common."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from schemas.event import EventView, Quote
from schemas.mention import Actor, Instrument
from schemas.vocabulary import Body, DossierStatus, EventStatus, EventType, InstrumentKind, Modality, Role

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = 900
CONSONANTS, VOWELS = "bcdfghklmnprstvz", "aeiou"
KNOWN = (
    "iran", "russia", "treaty", "parliament", "nuclear", "ratified", "signed", "agreement", "minister", "sanctions",
    "border", "talks", "uranium",
)  # fmt: skip


class Chance:
    """Draws from lists whose n-th entry is 1/n as common as the first."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        rest = [self._word() for _ in range(20_000)]
        self.words = ["the", "of", "and", *rest[:100], *KNOWN, *rest[100:]]
        self.codes = ["USA", "RUS", "CHN", "EU", "IRN", *(self._code() for _ in range(200))]
        self.outlets = [f"{self._word().title()} {kind}" for kind in ("Times", "News", "Post") for _ in range(100)]
        self._weights = {size: list(accumulate(1 / (n + 1) for n in range(size))) for size in (18, 205, 300, 20_016)}

    def common(self, entries: list[str], count: int = 1) -> list[str]:
        """`count` entries, with repetition."""
        return self._random.choices(entries, cum_weights=self._weights[len(entries)], k=count)

    def one(self, entries: list[str]) -> str:
        """One entry, each as likely."""
        return self._random.choice(entries)

    def below(self, bound: int) -> int:
        """A number, each as likely."""
        return self._random.randrange(bound)

    def share(self) -> float:
        """A number from 0 to 1."""
        return self._random.random()

    def text(self, size: int) -> str:
        """So many words."""
        return " ".join(self.common(self.words, size))

    def _word(self) -> str:
        syllables = range(self._random.randint(2, 4))
        return "".join(self._random.choice(CONSONANTS) + self._random.choice(VOWELS) for _ in syllables)

    def _code(self) -> str:
        return "".join(self._random.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(3))


TYPES = [str(type_) for type_ in EventType]
MODALITIES = [str(modality) for modality in (Modality.OCCURRED, Modality.OCCURRED, *Modality)]


def events(count: int, seed: int = 1) -> Iterator[EventView]:
    """Events over 900 days, each with a sentence of 30 words."""
    chance = Chance(seed)
    for number in range(count):
        seen = BEGIN + timedelta(seconds=chance.below(DAYS * 86_400))
        happened = seen + timedelta(days=chance.below(60) - 40)
        date = (happened.date().isoformat(), f"{happened:%Y-%m}", f"{happened:%Y}", None)[min(chance.below(8), 3)]
        parties = sorted(set(chance.common(chance.codes, 1 + chance.below(3))))
        kind = InstrumentKind(chance.one(list(InstrumentKind)))
        yield EventView(
            id=f"evt-{number:024x}",
            revision=1,
            dossier=f"dos-{number // 5:024x}",
            dossier_status=DossierStatus(chance.one(list(DossierStatus))),
            type=EventType(chance.common(TYPES)[0]),
            modality=Modality(chance.one(MODALITIES)),
            event_status=EventStatus.STANDING if chance.below(10) else EventStatus.FULFILLED,
            instrument=Instrument(f"{chance.text(3)} {kind}", kind) if chance.below(3) else None,
            parties=tuple(parties),
            actors=tuple(Actor(code, Role(chance.one(list(Role)))) for code in parties[:2]),
            body=Body(chance.one(list(Body))) if chance.below(3) == 0 else None,
            date=date,
            first_seen=seen,
            last_seen=seen,
            news=chance.below(10) > 0,
            articles=3,
            outlets=1 + chance.below(9) * chance.below(2),
            outlet_names=tuple(sorted(set(chance.common(chance.outlets, 1 + chance.below(4))))),
            languages=("en",),
            headline=chance.text(9),
            quote=Quote(chance.text(30)),
            confidence=round(chance.share(), 2),
        )


def subscriptions(count: int, seed: int = 2) -> Iterator[tuple[str, str]]:
    """(id, query) as desks would write them: mostly a state and a type, or a state and a word."""
    chance = Chance(1)
    chance_of_query = Chance(seed)
    for number in range(count):
        party, other = chance_of_query.common(chance.codes, 2)
        word, second = chance_of_query.common(chance.words[3:] + chance.words[:3], 2)
        type_, other_type = chance_of_query.common(TYPES, 2)
        forms = (
            f"party:{party} AND type:{type_}",
            f"party:{party} AND type:({type_} OR {other_type}) AND modality:occurred",
            f"party:{party} AND party:{other}",
            f"(party:{party} OR actor:{party}) AND {word}",
            f"party:{party} AND type:{type_} AND confidence:>={chance_of_query.share():.2f}",
            f"{word} AND {second} NOT type:{type_}",
            f'"{word} {second}" OR instrument:{word}',
            f"actor:{party} AND type:{type_} AND (change:new OR change:corroborated)",
            f"party:{party} AND {word[:5]}* AND outlets:>{chance_of_query.below(4)}",
            f"dossier:dos-{chance_of_query.below(20_000):024x}",
        )
        yield f"sub-{number:06}", forms[number % len(forms)]
