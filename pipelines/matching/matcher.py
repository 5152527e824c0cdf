"""Many queries against one development.

Queries stand in a tree of required terms, each query's rarest first. A development goes down only those branches whose
terms it has, and is asked only the queries at which it arrives: what is left of 100,000 subscriptions are those that
nearly match. Equal queries are asked once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from pipelines.matching.audibility import audible
from pipelines.matching.terms import estimate, prefixes_in, requirement, terms_of
from schemas.development import Development
from schemas.event import EventView
from schemas.query.evaluate import Document, document, matches_document
from schemas.query.tree import Query, fields_used


class Matcher:
    """Subscriptions, indexed by what their queries cannot match without. Never changes; safe to share."""

    def __init__(self, subscriptions: Iterable[tuple[str, Query]], sample: Iterable[EventView] = ()) -> None:
        """Takes (id, query) pairs; an id may have several queries.

        Args:
            subscriptions: Who asks what.
            sample: Events such as are to come, from which it learns which terms are rare. It changes the speed only.
        """
        commonness = _commonness(sample)
        subscribers: dict[Query, list[str]] = defaultdict(list)
        for subscription, query in subscriptions:
            subscribers[query].append(subscription)
        self._asked = tuple((query, tuple(ids)) for query, ids in subscribers.items())
        self._plain = _Branches()
        self._naming_change = _Branches()
        for number, (query, _) in enumerate(self._asked):
            branches = self._naming_change if "change" in fields_used(query) else self._plain
            branches.add(number, query, commonness)

    def match(self, development: Development) -> tuple[str, ...]:
        """Ids of the subscriptions that hear of it, sorted; each once."""
        trees = [(self._plain, False), (self._naming_change, True)]
        heard = [tree for tree, names_change in trees if audible(development, names_change=names_change)]
        asked = document(development.event, development.change)
        found: set[str] = set()
        for tree in heard:
            for number in tree.candidates(asked):
                query, ids = self._asked[number]
                if matches_document(query, asked):
                    found.update(ids)
        return tuple(sorted(found))


class _Branch:
    """A place in the tree: numbers of the queries whose required terms led here, and where further terms lead."""

    __slots__ = ("further", "here")

    def __init__(self) -> None:
        self.further: dict[str, _Branch] = {}
        self.here: list[int] = []


class _Branches:
    """The tree of one kind of queries."""

    def __init__(self) -> None:
        self._root = _Branch()
        self._prefixes: set[tuple[str, int]] = set()

    def add(self, number: int, query: Query, commonness: dict[str, float]) -> None:
        paths = requirement(query, commonness).paths
        self._prefixes.update(prefixes_in(paths))
        for path in paths:
            branch = self._root
            for term in sorted(path, key=lambda term: (estimate(term, commonness), term)):
                branch = branch.further.setdefault(term, _Branch())
            branch.here.append(number)

    def candidates(self, asked: Document) -> set[int]:
        """Numbers of the queries that the document may match."""
        has = terms_of(asked, self._prefixes)
        found: set[int] = set()
        waiting = [self._root]
        while waiting:
            branch = waiting.pop()
            found.update(branch.here)
            if branch.further:
                waiting.extend([branch.further[term] for term in branch.further.keys() & has])
        return found


def _commonness(sample: Iterable[EventView]) -> dict[str, float]:
    """In how many documents of a hundred each term of the sample stands."""
    counted: Counter[str] = Counter()
    size = 0
    for view in sample:
        counted.update(terms_of(document(view), ()))
        size += 1
    return {term: 100.0 * times / size for term, times in counted.items()}
