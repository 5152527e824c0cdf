"""The scorer of the event model ("Scoring"): how well predicted mentions agree with gold ones."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tests.eval.assignment import assign

Event = Mapping[str, Any]
"""A gold event or a predicted mention, as JSON has it."""

_SKIPPED_WORDS = frozenset(("the", "a", "an", "of", "on", "and", "with"))
_BINS = 10


class Rate(NamedTuple):
    """Precision, recall and F1, with what they were counted over."""

    hit: float
    predicted: int
    gold: int

    @property
    def precision(self) -> float:
        """Of those predicted, how many are right."""
        return self.hit / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Of those in the gold, how many were found."""
        return self.hit / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


class Score(NamedTuple):
    """The figures of one set."""

    articles: int
    rates: Mapping[str, Rate]
    """Of articles, events, types alone, actors with and without role, parties, dates, votes and bodies."""
    shares: Mapping[str, float | None]
    """``modality``, ``instrument``, ``published_as_date``, ``calibration_error``; None: nothing to count."""
    per_type: Mapping[str, Rate]
    confusions: tuple[tuple[str, int], ...]
    """What was taken for what, most frequent first."""


def score(gold: Iterable[Mapping[str, Any]], predicted: Mapping[str, Sequence[Event]]) -> Score:
    """The figures of `predicted` (mentions by article id) against `gold` (articles with ``id`` and ``events``)."""
    count: Counter[str] = Counter()
    credit: dict[str, float] = defaultdict(float)
    types: Counter[tuple[str, str]] = Counter()
    confusions: Counter[str] = Counter()
    bins = [[0.0, 0.0] for _ in range(_BINS)]
    sure = 0
    for article in gold:
        want: Sequence[Event] = article["events"]
        got = predicted.get(article["id"], ())
        count["articles"] += 1
        _tally(count, credit, "article", bool(want) and bool(got), bool(want), bool(got))
        _tally(count, credit, "event", 0, len(want), len(got))
        for event in want:
            types[event["type"], "gold"] += 1
        for event in got:
            types[event["type"], "predicted"] += 1
        pairs = assign([[similarity(g, p) if g["type"] == p["type"] else 0.0 for p in got] for g in want])
        right = {j for i, j in pairs if is_right(want[i], got[j])}
        credit["event"] += len(right)
        credit["type_only"] += len(pairs)
        for i, j in pairs:
            _pair(count, credit, want[i], got[j], str(article.get("published") or ""))
            types[want[i]["type"], "hit"] += j in right
        _confuse(confusions, want, got, pairs)
        for j, mention in enumerate(got):
            if (confidence := mention.get("confidence")) is not None:
                cell = bins[min(_BINS - 1, int(confidence * _BINS))]
                cell[0] += confidence
                cell[1] += j in right
                sure += 1
    rates = {
        name: Rate(credit[name], count[name + ":predicted"], count[name + ":gold"])
        for name in ("article", "event", "actor", "actor_with_role", "party", "date", "vote", "body")
    }
    rates["type_only"] = Rate(credit["type_only"], rates["event"].predicted, rates["event"].gold)
    shares = {
        "modality": _share(credit["modality"], int(credit["type_only"])),
        "instrument": _share(credit["instrument"], count["instrument"]),
        "published_as_date": _share(credit["published_as_date"], count["date:gold"]),
        "calibration_error": _share(sum(abs(cell[0] - cell[1]) for cell in bins), sure),
    }
    per_type = {
        name: Rate(types[name, "hit"], types[name, "predicted"], types[name, "gold"])
        for name in sorted({name for name, _ in types})
    }
    return Score(count["articles"], rates, shares, per_type, tuple(confusions.most_common()))


def is_right(gold: Event, predicted: Event) -> bool:
    """Whether a pair of one type counts: the modality agrees, and a code where the gold has any."""
    named = everyone(gold)
    return bool(gold["modality"] == predicted["modality"] and (not named or named & everyone(predicted)))


def similarity(gold: Event, predicted: Event) -> float:
    """The weight of a pair whose types agree."""
    return float(
        1.0
        + 0.6 * (gold["modality"] == predicted["modality"])
        + 0.5 * _jaccard(_codes(gold), _codes(predicted))
        + 0.3 * _jaccard(set(gold.get("parties") or ()), set(predicted.get("parties") or ()))
        + 0.3 * date_credit(gold.get("date"), predicted.get("date"))
        + 0.3 * name_f1(_instrument(gold), _instrument(predicted))
    )


def everyone(event: Event) -> set[str]:
    """All codes of an event: actors and parties."""
    return _codes(event) | set(event.get("parties") or ())


def date_credit(gold: str | None, predicted: str | None) -> float:
    """1 for equal dates, 0.5 for a coarser one that holds the gold date, else 0."""
    if gold == predicted:
        return 1.0
    return 0.5 if gold and predicted and gold.startswith(predicted + "-") else 0.0


def name_f1(one: str, other: str) -> float:
    """How far two names of an instrument share their words."""
    words, others = _words(one), _words(other)
    return 2 * len(words & others) / (len(words) + len(others)) if words and others else 0.0


def _pair(count: Counter[str], credit: dict[str, float], gold: Event, predicted: Event, published: str) -> None:
    """Counts what a matched pair agrees on."""
    credit["modality"] += gold["modality"] == predicted["modality"]
    for name, want, got in (
        ("actor", _codes(gold), _codes(predicted)),
        ("actor_with_role", _roles(gold), _roles(predicted)),
        ("party", set(gold.get("parties") or ()), set(predicted.get("parties") or ())),
    ):
        _tally(count, credit, name, len(want & got), len(want), len(got))
    agreed = {
        "date": date_credit(gold.get("date"), predicted.get("date")),
        "vote": float(_stated(gold) == _stated(predicted)),
        "body": float(gold.get("body") == predicted.get("body")),
    }
    for name, value in agreed.items():
        has = bool(gold.get(name))
        _tally(count, credit, name, value if has else 0, has, bool(predicted.get(name)))
    if gold.get("date"):
        credit["published_as_date"] += date_credit(gold["date"], published[:10])
    if _instrument(gold):
        count["instrument"] += 1
        credit["instrument"] += name_f1(_instrument(gold), _instrument(predicted)) >= 0.5


def _confuse(
    confusions: Counter[str], want: Sequence[Event], got: Sequence[Event], pairs: Sequence[tuple[int, int]]
) -> None:
    """Counts what was missed, invented or read otherwise."""
    for i, j in pairs:
        gold, mention = want[i], got[j]
        if gold["modality"] != mention["modality"]:
            confusions[f"{gold['type']}: {gold['modality']} read as {mention['modality']}"] += 1
        elif not is_right(gold, mention):
            confusions[f"{gold['type']}: other actors and parties"] += 1
    missed = Counter(want[i]["type"] for i in range(len(want)) if i not in {i for i, _ in pairs})
    invented = Counter(got[j]["type"] for j in range(len(got)) if j not in {j for _, j in pairs})
    for name, times in missed.items():
        confusions[f"{name}: missed"] += times
    for name, times in invented.items():
        confusions[f"{name}: invented"] += times


def _tally(count: Counter[str], credit: dict[str, float], name: str, hit: float, gold: int, predicted: int) -> None:
    credit[name] += hit
    count[name + ":gold"] += gold
    count[name + ":predicted"] += predicted


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None


def _codes(event: Event) -> set[str]:
    return {actor["code"] for actor in event.get("actors") or ()}


def _roles(event: Event) -> set[tuple[str, str]]:
    return {(actor["code"], actor["role"]) for actor in event.get("actors") or ()}


def _instrument(event: Event) -> str:
    return str((event.get("instrument") or {}).get("name") or "")


def _stated(event: Event) -> dict[str, int]:
    return {key: value for key, value in (event.get("vote") or {}).items() if value is not None}


def _words(name: str) -> set[str]:
    return set(re.findall(r"\w+", name.lower())) - _SKIPPED_WORDS


def _jaccard(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0
