"""Names of states and organisations as queries may write them: ``party:Iran`` is ``party:IRN``."""

from collections.abc import Iterator, Mapping
from functools import cached_property


class Codes(Mapping[str, str]):
    """Codes by folded name; the gazetteer is read at the first look, so that other queries do not pay for it."""

    @cached_property
    def _codes(self) -> dict[str, str]:
        from pipelines.detection.english.gazetteer import actor_names
        from pipelines.detection.english.gazetteer.actors import ActorKind
        from schemas.query.analysis import words

        kinds = (ActorKind.NAME, ActorKind.ACRONYM, ActorKind.HISTORICAL)
        # The sure reading of a name comes last, and stays.
        names = sorted((name for name in actor_names() if name.kind in kinds), key=lambda name: not name.weak)
        return {" ".join(words(name.surface)): name.code for name in names}

    def __getitem__(self, name: str) -> str:
        return self._codes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)
