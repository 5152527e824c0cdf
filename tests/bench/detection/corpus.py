"""Articles for the benchmark, made from the project's own gold and from sentences about other things."""

import json
import random

from tests.eval.sets import OWN

_STATES = ("Peru", "Chile", "Kenya", "Oman", "Latvia", "Ghana", "Japan", "Serbia", "Qatar", "Fiji", "Benin", "Mongolia")
_SORTS = ("border", "tax", "extradition", "fisheries", "trade", "defence", "water", "nuclear", "visa", "air services")
_ACTS = (
    "{a} and {b} signed a {sort} treaty in {place} on {day} {month}.",
    "{a}'s parliament ratified the {sort} agreement with {b} by {n} votes to {m}.",
    "{a} will withdraw from its {sort} pact with {b} next year.",
    "{a} accused {b} of violating the {sort} agreement of {year}.",
    "Talks between {a} and {b} on a {sort} convention resumed in {place} on {day} {month}.",
    "The {sort} protocol between {a} and {b} entered into force on {day} {month} {year}.",
    "{a} has not ratified the {sort} convention that {b} signed in {year}.",
    "{a} and {b} agreed to extend their {sort} accord by {m} years.",
)
_OTHER = (
    "The council of {place} will rebuild the bridge that the flood of {year} swept away, an engineer said.",
    "Shares of the shipping company fell {m} per cent after it reported a loss for the second quarter.",
    "The striker scored {m} goals in {n} games before he moved to another club in {month}.",
    "Doctors in {place} said that {n} patients had left hospital since the fever season began.",
    "A court in {place} heard the case of two men who are said to have stolen {n} bicycles.",
    "Rain is forecast for the coast on {day} {month}, with winds of {n} kilometres an hour inland.",
    "The museum bought {m} paintings by the artist, who was born in {place} in {year}.",
    "Pupils returned to school on {day} {month} after the teachers' strike had ended.",
    "The film, which cost {n} million dollars to make, opens in {place} next week.",
    "Police closed the road near {place} for {m} hours after a lorry lost its load.",
)
_PLACES = (
    "Lima",
    "Nairobi",
    "Muscat",
    "Riga",
    "Accra",
    "Osaka",
    "Split",
    "Suva",
    "Cotonou",
    "Durban",
    "Leeds",
    "Bergen",
)
_MONTHS = ("January", "March", "May", "July", "September", "November")


def dense(chance: random.Random, count: int) -> list[str]:
    """So many items of one sentence each, every one of them about a treaty, none twice."""
    found: dict[str, None] = {}
    while len(found) < count:
        found.setdefault(_filled(chance, chance.choice(_ACTS)))
    return list(found)


def mixed(chance: random.Random, count: int, length: int) -> list[str]:
    """So many articles of about `length` characters, one in twenty of them with treaty news among other sentences."""
    articles = []
    for number in range(count):
        sentences: list[str] = []
        while sum(map(len, sentences)) < length:
            treaty = number % 20 == 0 and len(sentences) % 4 == 0
            sentences.append(_filled(chance, chance.choice(_ACTS if treaty else _OTHER)))
        articles.append("\n\n".join(" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3)))
    return articles


def words() -> list[str]:
    """All words and signs of the project's own gold: what the fuzzer builds articles from."""
    texts = [
        json.loads(line)["text"]
        for path in sorted(OWN.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    return sorted({word for text in texts for word in text.split()}) + list(",.;:()\"'-–—\n")


def _filled(chance: random.Random, sentence: str) -> str:
    one, other = chance.sample(_STATES, 2)
    return sentence.format(
        a=one,
        b=other,
        sort=chance.choice(_SORTS),
        place=chance.choice(_PLACES),
        day=chance.randint(1, 28),
        month=chance.choice(_MONTHS),
        year=chance.randint(1950, 2020),
        n=chance.randint(60, 400),
        m=chance.randint(2, 50),
    )
