"""The gold sets: the project's own, and those shared beside it where they are."""

import datetime
import json
import os
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from pipelines.detection import detector_for

_ROOT = Path(__file__).resolve().parents[2]
OWN = _ROOT / "tests" / "gold"
SHARED = Path(os.environ.get("TREATYWIRE_GOLD") or _ROOT.parent / "shared" / "gold")
OPEN = ("seed", "train-current-events", "train-newspapers", "dev-articles")
SEALED = ("dev-current-events", "dev-newspapers")
"""Scored for figures alone: their errors are never shown, so that nobody writes rules for them."""


class GoldSet(NamedTuple):
    """One gold file."""

    name: str
    articles: tuple[dict[str, Any], ...]
    sealed: bool


def own_sets() -> list[GoldSet]:
    """The sets written for the project, by name."""
    return [_read(f"own-{path.stem}", path, sealed=False) for path in sorted(OWN.glob("*.jsonl"))]


def shared_sets() -> list[GoldSet]:
    """The sets of the shared folder that are there, open ones first."""
    found = [(name, SHARED / f"{name}.jsonl", name in SEALED) for name in (*OPEN, *SEALED)]
    return [_read(name, path, sealed=sealed) for name, path, sealed in found if path.is_file()]


def missing_sets() -> list[str]:
    """The names of the shared sets that are not there."""
    return [name for name in (*OPEN, *SEALED) if not (SHARED / f"{name}.jsonl").is_file()]


def predictions(gold: GoldSet) -> dict[str, list[dict[str, Any]]]:
    """What the detector finds in each article, by id."""
    detect = detector_for("en")
    assert detect is not None
    found = {}
    for article in gold.articles:
        mentions = detect(article.get("title") or "", article["text"], published(article))
        found[article["id"]] = msgspec.to_builtins(mentions)
    return found


def published(article: dict[str, Any]) -> datetime.datetime | None:
    """When an article was published, aware."""
    stated = article.get("published")
    return datetime.datetime.fromisoformat(stated) if stated else None


def _read(name: str, path: Path, *, sealed: bool) -> GoldSet:
    lines = path.read_text(encoding="utf-8").splitlines()
    return GoldSet(name, tuple(json.loads(line) for line in lines if line.strip()), sealed)
