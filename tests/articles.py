"""Articles made up by the thousand, the same ones each time: for benchmarks and crash tests."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from schemas.article import Article, article_id
from schemas.identifiers import content_hash
from schemas.vocabulary import TextSource

BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
STATES = (
    "Argentina", "Austria", "Bolivia", "Botswana", "Brazil", "Cambodia", "Chile", "Colombia", "Denmark", "Ecuador",
    "Egypt", "Estonia", "Finland", "France", "Ghana", "Greece", "Hungary", "Iceland", "India", "Indonesia", "Italy",
    "Japan", "Kenya", "Latvia", "Malta", "Mexico", "Morocco", "Nepal", "Norway", "Panama", "Peru", "Poland", "Portugal",
    "Romania", "Senegal", "Spain", "Sweden", "Thailand", "Tunisia", "Uruguay", "Vietnam", "Zambia",
)  # fmt: skip
MATTERS = ("fisheries", "extradition", "river navigation", "double taxation", "air services", "mutual legal assistance")
HAPPENINGS = (
    "{a} and {b} signed an agreement on {m} in the capital on Tuesday.",
    "The parliament of {a} ratified the {m} agreement with {b} by 102 votes to 31.",
    "{a} announced its withdrawal from the {m} agreement with {b}.",
    "{a} accused {b} of violating the {m} agreement.",
    "The {m} agreement between {a} and {b} entered into force on Monday.",
    "{a} and {b} will sign a treaty on {m} next month, the foreign minister said.",
)
FILLER = (
    "The orchestra returned to the old hall after a summer of repairs, and tickets were gone within the hour.",
    "Shares in the carmaker fell by three per cent after it lowered its forecast for the winter quarter.",
    "Rain is expected along the coast until the weekend, with strong wind on the higher ground.",
    "The club said that the striker had agreed a contract until the summer of next year.",
    "Residents complained that the bus line had been cut without any notice to the schools it serves.",
    "Researchers counted fewer swallows this autumn than in any year since the counts began.",
    "The town council will vote on the new library in December, once the cost of the roof is known.",
    "Police reopened the bridge shortly before noon and thanked drivers for their patience.",
    "A bakery that had stood on the market square for ninety years closed its doors on Saturday.",
    "Voters will choose between five candidates, two of whom have held the office before.",
)


def stream(count: int, *, relevant: float = 0.05, size: int = 3000, seed: int = 7) -> Iterator[Article]:
    """Articles of about `size` characters, this share of them about a treaty, from thirty outlets, a minute apart."""
    chance = random.Random(seed)
    for number in range(count):
        published = BEGIN + timedelta(minutes=number)
        sentences = [chance.choice(FILLER) for _ in range(max(1, size // 95))]
        if chance.random() < relevant:
            a, b = chance.sample(STATES, 2)
            sentences.insert(0, chance.choice(HAPPENINGS).format(a=a, b=b, m=chance.choice(MATTERS)))
        title = f"Report {number}: {sentences[0].split(',')[0][:60]}"
        text = "\n\n".join(" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4))
        url = f"https://outlet{number % 30}.example/{seed}/{number}"
        yield Article(
            id=article_id(url=url, feed="", guid=None),
            revision=1,
            content_hash=content_hash(title, text),
            outlet=f"Outlet {number % 30}",
            fetched=published + timedelta(seconds=30),
            title=title,
            text=text,
            text_source=TextSource.CONTENT,
            url=url,
            language="en",
            published=published,
            published_source="published",
        )
