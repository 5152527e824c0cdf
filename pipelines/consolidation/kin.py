"""Which dossiers between the same parties are one."""

from pipelines.consolidation.names import one_instrument
from schemas.state import KinState


def related(kin: KinState, dossier: str) -> tuple[str, ...]:
    """The dossiers that are one with this one, itself among them, sorted: the first is the one under which they go.

    All that can be reached by steps from a name to another that `one_instrument` takes for the same. A dossier more can
    only join groups, never part them; so whoever has been one stays one, in whatever order they came.
    """
    names = kin.dossiers
    found, to_visit = {dossier}, [dossier]
    while to_visit:
        words = names.get(to_visit.pop(), ())
        for other, its_words in names.items():
            if other not in found and one_instrument(words, its_words):
                found.add(other)
                to_visit.append(other)
    return tuple(sorted(found))
