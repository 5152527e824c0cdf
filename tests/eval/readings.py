"""Fits the models that read sentences (``pipelines/detection/english/statistics``) on annotated articles.

Annotators mark a passage, not a word. Which of its words tells the happening is found as the model is fitted: at first
all that may, then of each passage the one that the model finds likeliest (expectation maximisation with hard choices).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

import msgspec
import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from pipelines.detection.english.candidates import Candidate
from pipelines.detection.english.clauses import Frame
from pipelines.detection.english.detector import patterned
from pipelines.detection.english.document import Document
from pipelines.detection.english.names import names
from pipelines.detection.english.statistics import clues
from pipelines.detection.english.statistics.abstract import Abstract, abstract
from pipelines.detection.english.statistics.senses import senses
from pipelines.detection.english.statistics.told import NOTHING, Models, may_tell
from pipelines.detection.softmax import Stored, from_stored
from schemas.vocabulary import EventType, Modality
from tests.eval.sets import OPEN, published

_TYPES = (NOTHING, *sorted(EventType))
_MODALITIES = tuple(sorted(Modality))
_RAREST = 3
"""A feature of fewer tokens has no weight."""
_LOOSENESS = 0.2
"""Inverse strength of the L2 penalty."""
_ROUNDS = 2
_LEAST = 0.02
"""A feature whose weights are all smaller is left out."""
_SELDOM = 0.05
"""A lemma that tells of something less often than this is not asked."""
_UNLIKE = 0.8
"""A word tells something where it stands in passages at least so much as often as any word does."""


class Told(NamedTuple):
    """A happening whose passage holds a token."""

    event: int
    """Its place among the article's."""
    type: str
    modality: str


_OURS = 5.0
"""How much an article of the shared gold counts: its annotators' habits are those that detection is judged by."""


def weight_of(article: str) -> float:
    """How much an article counts in a fit, by the set that its id names."""
    return _OURS if article.startswith(OPEN) else 1.0


class Row(NamedTuple):
    """A token that may tell of a happening."""

    article: str
    word: str
    """Its lemma."""
    features: tuple[str, ...]
    told: tuple[Told, ...]
    spoken: Callable[[str], list[str]]
    """Its features for the modality of a happening of a given type."""


def document_of(article: dict[str, Any]) -> Document:
    """The article as the detector reads it."""
    title, when = article.get("title") or "", published(article)
    whole = f"{title}\n{article['text']}" if title else article["text"]
    return Document(whole, len(title), when.date() if when else None, names())


def passages(whole: str, event: dict[str, Any]) -> list[tuple[int, int]]:
    """Where the passages stand that show an event."""
    found = ((whole.find(quoted), len(quoted)) for quoted in event.get("evidence") or ())
    return [(at, at + length) for at, length in found if at >= 0]


def lexicon(articles: Iterable[dict[str, Any]]) -> frozenset[str]:
    """Lemmas that stand in passages more than words do, and those that have a sense."""
    inside: Counter[str] = Counter()
    everywhere: Counter[str] = Counter()
    for article in articles:
        document = document_of(article)
        spans = [span for event in article["events"] for span in passages(document.whole, event)]
        for index in document.promising:
            view = abstract(document, index)
            for position, word in enumerate(view.lemmas):
                if not may_tell(view, position) or not word.isalpha():
                    continue
                everywhere[word] += 1
                start = view.sentence.tokens[position].start
                inside[word] += any(first <= start < last for first, last in spans)
    usual = inside.total() / max(1, everywhere.total())
    telling = (word for word, count in inside.items() if count > 1 and count / everywhere[word] > _UNLIKE * usual)
    return frozenset((*telling, *senses()))


def rows_of(article: dict[str, Any], words: frozenset[str]) -> list[Row]:
    """The tokens of an article that may tell of a happening."""
    document = document_of(article)
    shown = [(passages(document.whole, event), event) for event in article["events"]]
    rows = []
    for index, rules in patterned(document):
        view = abstract(document, index)
        shared = list(clues.of_sentence(document, view))
        for position, word in enumerate(view.lemmas):
            if word not in words or not may_tell(view, position):
                continue
            start = view.sentence.tokens[position].start
            told = tuple(
                Told(order, event["type"], event["modality"])
                for order, (spans, event) in enumerate(shown)
                if any(first <= start < last for first, last in spans)
            )
            frame = clues.frame_at(view, position)
            features = tuple(dict.fromkeys((*shared, *clues.of_type(document, view, position, frame, rules))))
            spoken = partial(_spoken, document, view, position, frame, rules)
            rows.append(Row(article["id"], word, features, told, spoken))
    return rows


def _spoken(
    document: Document, view: Abstract, position: int, frame: Frame, rules: Sequence[Candidate], kind: str
) -> list[str]:
    own = clues.of_modality(view, position, frame, kind, rules)
    return list(dict.fromkeys((*clues.of_all_modalities(document, view), *own)))


def fit(rows: Sequence[Row]) -> Models:
    """The two models, fitted on the rows of some articles."""
    return Models(from_stored(fit_types(rows)), from_stored(fit_modalities(rows)))


def fit_types(rows: Sequence[Row]) -> Stored:
    """The model of types, as its file holds it."""
    known = _known([row.features for row in rows])
    matrix = _matrix(known, [row.features for row in rows])
    place = {kind: order for order, kind in enumerate(_TYPES)}
    target = np.array([place[row.told[0].type] if row.told else 0 for row in rows])
    used = np.ones(len(rows), dtype=bool)
    counted = np.array([weight_of(row.article) for row in rows])
    model = _logistic()
    for _ in range(_ROUNDS):
        model.fit(matrix[used], target[used], counted[used])
        chances = np.zeros((len(rows), len(_TYPES)))
        chances[:, model.classes_] = model.predict_proba(matrix)
        target, used = _chosen(rows, chances, place)
    return msgspec.structs.replace(_stored(_TYPES, known, model), words=_asked(rows, target))


def _asked(rows: Sequence[Row], target: Any) -> tuple[str, ...]:
    """The lemmas that tell of something often enough."""
    seen: Counter[str] = Counter()
    telling: Counter[str] = Counter()
    for row, kind in zip(rows, target.tolist(), strict=True):
        seen[row.word] += 1
        telling[row.word] += kind != 0
    return tuple(sorted(word for word, count in seen.items() if telling[word] >= _SELDOM * count))


def _chosen(rows: Sequence[Row], chances: Any, place: dict[str, int]) -> tuple[Any, Any]:
    """The class of each token, and whether it is learned from: of each passage the likeliest, of no passage all."""
    target = np.zeros(len(rows), dtype=int)
    used = np.array([not row.told for row in rows])
    holders: dict[tuple[str, int, str], list[int]] = defaultdict(list)
    for line, row in enumerate(rows):
        for told in row.told:
            holders[row.article, told.event, told.type].append(line)
    best = {key: max(chances[line, place[key[2]]] for line in lines) for key, lines in holders.items()}
    for key in sorted(holders, key=lambda each: -best[each]):
        free = [line for line in holders[key] if not target[line]]
        if free:
            line = max(free, key=lambda each: chances[each, place[key[2]]])
            target[line], used[line] = place[key[2]], True
    for line, row in enumerate(rows):
        if row.told and not used[line] and chances[line, 0] > 0.5:
            used[line] = True
    return target, used


def fit_modalities(rows: Sequence[Row]) -> Stored:
    """The model of modalities, as its file holds it."""
    telling = [row for row in rows if row.told]
    features = [row.spoken(row.told[0].type) for row in telling]
    known = _known(features)
    model = _logistic().fit(
        _matrix(known, features),
        [_MODALITIES.index(row.told[0].modality) for row in telling],
        [weight_of(row.article) for row in telling],
    )
    return _stored(_MODALITIES, known, model)


def _logistic() -> LogisticRegression:
    return LogisticRegression(C=_LOOSENESS, max_iter=150, tol=1e-3)


def _known(features: Iterable[Iterable[str]]) -> dict[str, int]:
    count = Counter(feature for held in features for feature in held)
    return {feature: order for order, feature in enumerate(sorted(f for f, n in count.items() if n >= _RAREST))}


def _matrix(known: dict[str, int], features: Sequence[Iterable[str]]) -> Any:
    lines, columns = [], []
    for line, held in enumerate(features):
        for feature in held:
            if feature in known:
                lines.append(line)
                columns.append(known[feature])
    shape = (len(features), len(known))
    return sparse.csr_matrix((np.ones(len(lines)), (lines, columns)), shape=shape)


def _stored(classes: Sequence[str], known: dict[str, int], model: LogisticRegression) -> Stored:
    weights = np.zeros((len(known), len(classes)))
    weights[:, model.classes_] = model.coef_.T
    bias = np.full(len(classes), -10.0)
    bias[model.classes_] = model.intercept_
    step = max(1e-6, float(np.abs(weights).max()) / 127)
    kept = [feature for feature, row in known.items() if np.abs(weights[row]).max() >= _LEAST]
    small = np.round(weights[[known[feature] for feature in kept]] / step).astype(np.int8)
    return Stored(tuple(map(str, classes)), step, tuple(np.round(bias, 4).tolist()), tuple(kept), small.tobytes())
