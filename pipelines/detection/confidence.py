"""Confidence from features: a logistic model whose weights are data.

A confidence of 0.8 means that four in five of such mentions are right: type and modality as an annotator would say,
and an actor or party in common. Fitted by ``python -m tests.eval.train`` on open gold alone.
"""

import json
import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import NamedTuple


class Model(NamedTuple):
    """A fitted model."""

    weights: Mapping[str, float]
    threshold: float
    """Below this confidence a candidate is no mention."""
    opening: float
    """An article none of whose candidates reaches this has no mentions: what is found there by chance stays alone."""

    def confidence(self, features: Iterable[str]) -> float:
        """The probability that a candidate with these features is right."""
        total = sum(self.weights.get(feature, 0.0) for feature in features)
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def least(self, confidences: Iterable[float]) -> float:
        """From which confidence on a candidate is a mention, in an article whose candidates have these."""
        return self.threshold if max(confidences, default=0.0) >= self.opening else self.opening


@lru_cache(maxsize=4)
def model(package: str, name: str) -> Model:
    """The model stored as `name` beside the modules of `package`."""
    stored = json.loads(resources.files(package).joinpath(name).read_text(encoding="utf-8"))
    return Model(MappingProxyType(stored["weights"]), stored["threshold"], stored["opening"])
