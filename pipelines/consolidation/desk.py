"""States as they were loaded, and as they have become."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from schemas.state import Aggregate, ArticleState, DossierState, KinState, State

Load = Callable[[Iterable[str]], Mapping[str, State]]
S = TypeVar("S", Aggregate, ArticleState, DossierState, KinState)


class Desk:
    """Loads each state once and keeps the latest form of it.

    Args:
        load: Gives the states that exist, by id.
    """

    def __init__(self, load: Load) -> None:
        self._load = load
        self._stored: dict[str, State | None] = {}
        self._now: dict[str, State] = {}

    def fetch(self, ids: Iterable[str]) -> None:
        """Loads those not loaded yet, in one call."""
        missing = sorted(set(ids) - self._stored.keys())
        if missing:
            found = self._load(missing)
            self._stored.update((id_, found.get(id_)) for id_ in missing)

    def get(self, id_: str, type_: type[S]) -> S | None:
        """The state of this id as it is now; None where there is none.

        Raises:
            TypeError: It is a state of another kind.
        """
        return self._typed(self._now.get(id_) or self._stored.get(id_), type_)

    def stored(self, id_: str, type_: type[S]) -> S | None:
        """The state of this id as it was loaded."""
        return self._typed(self._stored.get(id_), type_)

    def put(self, state: State) -> None:
        """Replaces a state, which will be saved."""
        self._now[state.id] = state

    def is_changed(self, id_: str) -> bool:
        """Whether the state will be saved."""
        return id_ in self._now

    def changed(self) -> tuple[State, ...]:
        """What is to be saved, by id."""
        return tuple(self._now[id_] for id_ in sorted(self._now))

    def unchanged(self, ids: Iterable[str]) -> tuple[State, ...]:
        """Of these, those that exist and will not be saved, by id."""
        states = (self._stored.get(id_) for id_ in sorted(set(ids) - self._now.keys()))
        return tuple(state for state in states if state is not None)

    @staticmethod
    def _typed(state: State | None, type_: type[S]) -> S | None:
        if state is not None and not isinstance(state, type_):
            raise TypeError(f"state {state.id} is of kind {type(state).__name__}, not {type_.__name__}")
        return state
