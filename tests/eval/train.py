"""Fits the models of the English detector on the open gold sets and the project's own, never on sealed ones.

    python -m tests.eval.train [--write] [--also GOLD.jsonl …] [--by SET …] [--threshold P] [--opening P]

Prints what cross-validation over articles says: calibration, and event precision, recall and F1 by threshold. Every
candidate that the confidence learns from was found by models that had not seen its article. Needs the shared gold sets
(TREATYWIRE_GOLD), and some ten minutes.
"""

import argparse
import json
import sys
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from pipelines.detection.confidence import Model
from pipelines.detection.english.detector import EnglishDetector, found, mention, weighed
from pipelines.detection.english.merge import merged
from pipelines.detection.english.statistics.told import Models
from tests.eval.assignment import assign
from tests.eval.readings import Row, document_of, fit_modalities, fit_types, lexicon, rows_of
from tests.eval.readings import fit as fit_models
from tests.eval.scorer import is_right, similarity
from tests.eval.sets import OWN, own_sets, shared_sets

_FOLDS = 5
_STRENGTH = 20.0
"""Of the L2 penalty."""
_RAREST = 3
"""A feature of fewer articles has no weight."""
_KEPT_OUT = ("own-items", "own-rules")
"""Sets that are not learned from: one was kept because the detector reads it rightly, the other is to judge by."""
_TRAINING = OWN / "training"
"""Items written to learn from, and for nothing else."""
_STORED = Path(sys.modules[EnglishDetector.__module__].__file__ or "").parent / "data" / "confidence.json"


class Example(NamedTuple):
    """One candidate of one article."""

    article: str
    features: tuple[str, ...]
    right: bool


def open_articles(further: Iterable[Path] = ()) -> list[dict[str, Any]]:
    """The articles to learn from: open sets, the project's own, and those of `further` gold files."""
    sets = [gold for gold in (*own_sets(), *shared_sets()) if not gold.sealed and gold.name not in _KEPT_OUT]
    articles = [_named(gold.name, article) for gold in sets for article in gold.articles]
    for path in (*sorted(_TRAINING.glob("*.jsonl")), *further):
        lines = path.read_text(encoding="utf-8").splitlines()
        articles += [_named(path.stem, json.loads(line)) for line in lines if line.strip()]
    return articles


def _named(gold: str, article: dict[str, Any]) -> dict[str, Any]:
    """The article under an id that no other set has."""
    return {**article, "id": f"{gold}/{article['id']}"}


def fold_of(article: str) -> int:
    """Which part of the cross-validation an article is held out in."""
    return zlib.crc32(article.encode()) % _FOLDS


def examples(articles: Sequence[dict[str, Any]], rows: Mapping[str, Sequence[Row]]) -> list[Example]:
    """All candidates of the articles, each found by models that have not seen its article."""
    made: list[Example] = []
    for held_out in range(_FOLDS):
        reading = fit_models([row for id_, some in rows.items() if fold_of(id_) != held_out for row in some])
        for article in articles:
            if fold_of(article["id"]) == held_out:
                made.extend(_of_article(article, reading))
    return made


def _of_article(article: dict[str, Any], reading: Models) -> list[Example]:
    document = document_of(article)
    candidates = weighed(document, merged(found(document, reading)))
    got = [msgspec.to_builtins(mention(document, candidate)) for candidate in candidates]
    want = article["events"]
    pairs = assign([[similarity(g, p) if g["type"] == p["type"] else 0.0 for p in got] for g in want])
    right = {j for i, j in pairs if is_right(want[i], got[j])}
    return [Example(article["id"], candidate.features, j in right) for j, candidate in enumerate(candidates)]


def fit(rows: list[Example]) -> dict[str, float]:
    """Weights by feature: logistic regression with an L2 penalty, by Newton's method.

    Here every article counts once, though for the models before it the shared gold counts more: patterns were written
    with the shared gold in sight, so on it they are right more often than they will be.
    """
    holders: dict[str, set[str]] = {}
    for row in rows:
        for feature in row.features:
            holders.setdefault(feature, set()).add(row.article)
    order = [feature for feature in sorted(holders) if len(holders[feature]) >= _RAREST]
    at = {feature: position for position, feature in enumerate(order)}
    matrix = np.zeros((len(rows), len(order)))
    for line, row in enumerate(rows):
        for feature in row.features:
            if feature in at:
                matrix[line, at[feature]] = 1.0
    target = np.array([float(row.right) for row in rows])
    penalty = np.full(len(order), _STRENGTH)
    weights = np.zeros(len(order))
    for _ in range(25):
        guess = 1.0 / (1.0 + np.exp(-np.clip(matrix @ weights, -30, 30)))
        gradient = matrix.T @ (guess - target) + penalty * weights
        curvature = (matrix.T * (guess * (1 - guess))) @ matrix + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        weights -= step
        if float(np.abs(step).max()) < 1e-6:
            break
    return {feature: round(float(weights[at[feature]]), 4) for feature in order if abs(weights[at[feature]]) > 5e-4}


def cross_validated(rows: list[Example]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The probability of each candidate, by a model that has not seen its article."""
    fold = np.array([zlib.crc32(row.article.encode()) % _FOLDS for row in rows])
    guesses = np.zeros(len(rows))
    for held_out in range(_FOLDS):
        weights = fit([row for row, number in zip(rows, fold, strict=True) if number != held_out])
        for line in np.flatnonzero(fold == held_out):
            total = sum(weights.get(feature, 0.0) for feature in rows[line].features)
            guesses[line] = 1.0 / (1.0 + np.exp(-np.clip(total, -30, 30)))
    return guesses


def _report(name: str, mine: Any, right: Any, guesses: Any, wanted: int) -> None:
    """Prints the figures of the candidates that are `mine`, by threshold."""
    for threshold in (0.0, 0.2, 0.25, 0.3, 0.33, 0.36, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8):
        kept = mine & (guesses >= threshold)
        hit = int(right[kept].sum())
        precision, recall = hit / max(1, int(kept.sum())), hit / max(1, wanted)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        print(f"{name} {threshold:.2f}: P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}")


def _report_shipped(name: str, mine: Any, rows: Sequence[Example], guesses: Any, least: Model, gold: Any) -> None:
    """Prints the figures of what is a mention by both thresholds, and how many irrelevant articles give one.

    `gold` has how many events each article has, by its id.
    """
    best: dict[str, float] = {}
    for row, guess in zip(rows, guesses.tolist(), strict=True):
        best[row.article] = max(best.get(row.article, 0.0), guess)
    bars = np.array([least.least((best[row.article],)) for row in rows])
    kept = mine & (guesses >= bars)
    hit = sum(row.right for row, keep in zip(rows, kept, strict=True) if keep)
    wanted, irrelevant = sum(gold.values()), [article for article, count in gold.items() if not count]
    told = {row.article for row, keep in zip(rows, kept, strict=True) if keep}
    precision, recall = hit / max(1, int(kept.sum())), hit / max(1, wanted)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    wrongly = sum(article in told for article in irrelevant)
    print(f"{name} as shipped: P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}; ", end="")
    print(f"of {len(irrelevant)} irrelevant articles {wrongly} give a mention")


def main() -> int:
    """0; writes the model with ``--write``."""
    parser = argparse.ArgumentParser(prog="python -m tests.eval.train", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="store the model fitted on all open gold")
    parser.add_argument("--threshold", type=float, default=0.3, help="of a mention")
    parser.add_argument("--opening", type=float, default=0.45, help="of the likeliest mention of an article")
    parser.add_argument("--also", action="append", type=Path, default=[], help="a further gold file to learn from")
    parser.add_argument("--by", action="append", default=[], help="print the figures of this set besides")
    options = parser.parse_args()
    articles = open_articles(options.also)
    words = lexicon(articles)
    told = {article["id"]: rows_of(article, words) for article in articles}
    rows = examples(articles, told)
    events = sum(len(article["events"]) for article in articles)
    right = np.array([row.right for row in rows])
    guesses = cross_validated(rows)
    loss = -np.mean(np.log(np.where(right, guesses, 1 - guesses).clip(1e-9)))
    print(f"{len(rows)} candidates, {int(right.sum())} right, of {events} events; log loss {loss:.3f}")
    bins = np.minimum((guesses * 10).astype(int), 9)
    error = sum(abs(float((guesses[bins == cell] - right[bins == cell]).sum())) for cell in range(10)) / len(rows)
    print(f"calibration error {error:.3f}")
    for name in ("", *(f"{name}/" for name in options.by)):
        mine = np.array([row.article.startswith(name) for row in rows])
        wanted = sum(len(article["events"]) for article in articles if article["id"].startswith(name))
        _report(name.rstrip("/") or "all", mine, right, guesses, wanted)
        gold = {article["id"]: len(article["events"]) for article in articles if article["id"].startswith(name)}
        shipped = Model({}, options.threshold, options.opening)
        _report_shipped(name.rstrip("/") or "all", mine, rows, guesses, shipped, gold)
    if options.write:
        stored = {"threshold": options.threshold, "opening": options.opening, "weights": fit(rows)}
        reading = [row for some in told.values() for row in some]
        for name, stored_model in (("types", fit_types(reading)), ("modalities", fit_modalities(reading))):
            (_STORED.parent / f"{name}.msgpack").write_bytes(msgspec.msgpack.encode(stored_model))
        _STORED.write_text(json.dumps(stored, indent=0, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
