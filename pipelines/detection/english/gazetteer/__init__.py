"""Names as data: who and what English news speaks of when it speaks of treaties.

Tables are TSV files beside this module, alphabetical by their first column, one entry a line (README.md says what each
rests on). Every loader returns frozen records, sorted, and reads its file once.
"""

from pipelines.detection.english.gazetteer.actors import (
    ActorKind,
    ActorName,
    ArmedGroup,
    Category,
    Court,
    Mask,
    Organisation,
    State,
    Territory,
    actor_names,
    armed_groups,
    courts,
    masks,
    organisations,
    states,
    territories,
)
from pipelines.detection.english.gazetteer.legislatures import (
    BodyWord,
    Legislature,
    body_of,
    body_words,
    legislatures,
)
from pipelines.detection.english.gazetteer.table import Alias, NotWhen

__all__ = [
    "ActorKind",
    "ActorName",
    "Alias",
    "ArmedGroup",
    "BodyWord",
    "Category",
    "Court",
    "Legislature",
    "Mask",
    "NotWhen",
    "Organisation",
    "State",
    "Territory",
    "actor_names",
    "armed_groups",
    "body_of",
    "body_words",
    "courts",
    "legislatures",
    "masks",
    "organisations",
    "states",
    "territories",
]
