"""The project's own gold is what the event model asks for, whatever the detector makes of it."""

from collections import Counter
from datetime import datetime
from itertools import product
from typing import Any

import msgspec
import pytest

from schemas.mention import Mention
from schemas.query.dates import days
from tests.eval.sets import GoldSet, own_sets

RULES = range(1, 27)
SIDES = ("catches", "spares")
ENOUGH = 2
"""Cases of each rule on each side."""


def test_every_coding_rule_has_cases_on_both_sides() -> None:
    """What it catches, and the near miss that it spares; of no rule that there is not."""
    cases = Counter((article["rule"], article["side"]) for article in _named("own-rules").articles)
    assert [key for key in product(RULES, SIDES) if cases[key] < ENOUGH] == []
    assert set(cases) == set(product(RULES, SIDES))


def test_there_is_as_much_as_was_asked_for() -> None:
    """At least 150 sentences and 20 articles."""
    sizes = {gold.name: len(gold.articles) for gold in own_sets()}
    assert sizes.pop("own-articles") >= 20
    assert sum(sizes.values()) >= 150


@pytest.mark.parametrize("gold", own_sets(), ids=lambda gold: gold.name)
def test_no_text_comes_twice(gold: GoldSet) -> None:
    """Each id and each text is one article's."""
    for key in ("id", "text"):
        assert [value for value, times in Counter(each[key] for each in gold.articles).items() if times > 1] == []


def test_rules_are_annotated_as_the_event_model_writes_a_mention() -> None:
    """Closed lists, codes and dates are right; names and evidence stand in the text."""
    for article in _named("own-rules").articles:
        assert article["relevant"] == bool(article["events"])
        datetime.fromisoformat(article["published"])
        for event in article["events"]:
            assert problems(article, event) == [], article["id"]


def problems(article: dict[str, Any], event: dict[str, Any]) -> list[str]:
    """What is wrong with an annotation."""
    text = f"{article['title']}\n{article['text']}"
    quoted = [*event["evidence"], *(actor["name"] for actor in event["actors"])]
    quoted += [actor["person"] for actor in event["actors"] if "person" in actor]
    if event["instrument"]:
        quoted.append(event["instrument"]["name"])
    found = [f"not in the text: {quote}" for quote in quoted if quote not in text]
    if not event["evidence"]:
        found.append("no evidence")
    if event["date"] is not None and days(event["date"]) is None:
        found.append(f"no date: {event['date']}")
    if event["claim"] is not None and event["type"] not in ("allegation", "denial", "dispute"):
        found.append(f"a {event['type']} has no claim")
    try:
        msgspec.convert({**event, "evidence": []}, Mention)
    except msgspec.ValidationError as error:
        found.append(str(error))
    return found


def test_a_wrong_annotation_is_found() -> None:
    """The check can fail: a name that the text does not have, a modality and a date that there are not."""
    article = _named("own-rules").articles[0]
    event = article["events"][0]
    wrong = event | {"evidence": ["nothing"], "date": "2025-02-30", "claim": "that", "modality": "possible"}
    assert [problem.partition(":")[0] for problem in problems(article, wrong)] == [
        "not in the text",
        "no date",
        "a ratification has no claim",
        "Invalid enum value 'possible' - at `$.modality`",
    ]


def _named(name: str) -> GoldSet:
    return next(gold for gold in own_sets() if gold.name == name)
