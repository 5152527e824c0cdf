"""The article with which the project began: its six events, whole."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.detection import detector_for
from schemas.mention import Mention
from tests.eval.sets import SHARED

SEED = SHARED / "seed.jsonl"


def key(
    type_: str, body: str | None, vote: dict[str, int | None], date: str | None, codes: set[str]
) -> tuple[Any, ...]:
    """What must be right of each event."""
    counts = {name: count for name, count in vote.items() if count is not None}
    return type_, body, sorted(counts.items()), date, sorted(codes)


def of_mention(mention: Mention) -> tuple[Any, ...]:
    """The same of a mention."""
    vote = mention.vote
    counts = {} if vote is None else {"for": vote.for_, "against": vote.against, "total": vote.total}
    return key(mention.type, mention.body, counts, mention.date, set(mention.parties))


def test_the_seed_gives_its_six_events() -> None:
    """Type, body, vote 192 of 211, date and parties of each; nothing else."""
    if not SEED.is_file():
        pytest.skip(f"{SEED} is not here")
    article = json.loads(SEED.read_text(encoding="utf-8").splitlines()[0])
    detect = detector_for("en")
    assert detect is not None
    published = datetime.fromisoformat(article["published"]).astimezone(UTC)
    found = sorted(of_mention(mention) for mention in detect(article["title"], article["text"], published))
    gold = sorted(
        key(each["type"], each["body"], each["vote"] or {}, each["date"], set(each["parties"]))
        for each in article["events"]
    )
    assert found == gold
