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
    known_codes,
    masks,
    organisations,
    states,
    territories,
)
from pipelines.detection.english.gazetteer.instruments import (
    GenericInstrument,
    Instrument,
    InstrumentName,
    generic_instruments,
    instrument_names,
    instrument_of,
    instruments,
)
from pipelines.detection.english.gazetteer.leaders import Leader, Office, in_office, leaders, leaders_named
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
    "GenericInstrument",
    "Instrument",
    "InstrumentName",
    "Leader",
    "Legislature",
    "Mask",
    "NotWhen",
    "Office",
    "Organisation",
    "State",
    "Territory",
    "actor_names",
    "armed_groups",
    "body_of",
    "body_words",
    "courts",
    "generic_instruments",
    "in_office",
    "instrument_names",
    "instrument_of",
    "instruments",
    "known_codes",
    "leaders",
    "leaders_named",
    "legislatures",
    "masks",
    "organisations",
    "states",
    "territories",
]
