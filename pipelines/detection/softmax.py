"""A softmax over classes whose weights are data: small integers, a row for each feature."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt


class Stored(msgspec.Struct, frozen=True):
    """A model as its file holds it."""

    classes: tuple[str, ...]
    step: float
    """What one unit of a weight amounts to, in log odds."""
    bias: tuple[float, ...]
    features: tuple[str, ...]
    weights: bytes
    """Of each feature in turn: a signed byte for each class."""
    words: tuple[str, ...] = ()
    """Lemmas of which the model is asked; others tell so seldom of anything that asking does not pay."""


class Softmax(NamedTuple):
    """Probabilities of classes, given the features that hold."""

    classes: tuple[str, ...]
    rows: Mapping[str, int]
    weights: npt.NDArray[np.int8]
    step: float
    bias: npt.NDArray[np.float64]
    words: frozenset[str]

    def found(self, features: Iterable[str]) -> list[int]:
        """The rows of the features that have any, which may repeat."""
        rows = self.rows
        return [rows[feature] for feature in features if feature in rows]

    def probabilities(self, rows: Iterable[int]) -> npt.NDArray[np.float64]:
        """One for each class, by the rows of the features that hold, each counted once."""
        total = self.weights[list(set(rows))].sum(axis=0, dtype=np.int32) * self.step + self.bias
        raised = np.exp(total - total.max())
        return np.asarray(raised / raised.sum(), dtype=np.float64)


def from_stored(stored: Stored) -> Softmax:
    """The model that a file holds."""
    weights = np.frombuffer(stored.weights, dtype=np.int8).reshape(len(stored.features), len(stored.classes))
    rows = {feature: row for row, feature in enumerate(stored.features)}
    return Softmax(stored.classes, rows, weights, stored.step, np.array(stored.bias), frozenset(stored.words))


@lru_cache(maxsize=4)
def softmax(package: str, name: str) -> Softmax:
    """The model stored as `name` beside the modules of `package`."""
    packed = resources.files(package).joinpath(name).read_bytes()
    return from_stored(msgspec.msgpack.decode(packed, type=Stored))
