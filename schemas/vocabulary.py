"""The closed lists of the event model: what a value of each coded field may be.

Types follow the Vienna Convention on the Law of Treaties (VCLT, 1969); the article is named beside each.
"""

from enum import StrEnum


class EventType(StrEnum):
    """What happened to an instrument."""

    ACCESSION = "accession"  # VCLT art. 15
    ADOPTION = "adoption"  # arts. 9, 10
    ALLEGATION = "allegation"  # art. 60
    AMENDMENT = "amendment"  # arts. 39 to 41
    DENIAL = "denial"
    DEPOSIT = "deposit"  # art. 16
    DISPUTE = "dispute"  # arts. 65, 66
    ENTRY_INTO_FORCE = "entry_into_force"  # art. 24
    EXTENSION = "extension"
    NEGOTIATION = "negotiation"
    PROVISIONAL_APPLICATION = "provisional_application"  # art. 25
    RATIFICATION = "ratification"  # art. 14
    REJECTION = "rejection"
    RESERVATION = "reservation"  # arts. 19 to 23
    SIGNATURE = "signature"  # arts. 11, 12
    SUSPENSION = "suspension"  # arts. 57, 58
    TERMINATION = "termination"  # arts. 54, 59, 60
    WITHDRAWAL = "withdrawal"  # arts. 54, 56


class Modality(StrEnum):
    """How an article speaks of a happening."""

    CONDITIONAL = "conditional"  # threatened, or depending on something
    NEGATED = "negated"  # explicitly did not happen
    OCCURRED = "occurred"  # happened, lately or long ago
    PROPOSED = "proposed"  # urged, offered, considered or expected
    SCHEDULED = "scheduled"  # a stated plan or date ahead


class Role(StrEnum):
    """What an actor did in an event."""

    ACCEDER = "acceder"
    ACCUSED = "accused"
    ACCUSER = "accuser"
    ADOPTER = "adopter"
    AMENDER = "amender"
    CLAIMANT = "claimant"
    COURT = "court"
    DENIER = "denier"
    DEPOSITOR = "depositor"
    EXTENDER = "extender"
    MEDIATOR = "mediator"
    NEGOTIATOR = "negotiator"
    PARTY = "party"
    PROPOSER = "proposer"
    RATIFIER = "ratifier"
    REJECTER = "rejecter"
    RESERVER = "reserver"
    RESPONDENT = "respondent"
    SIGNATORY = "signatory"
    SUSPENDER = "suspender"
    TERMINATOR = "terminator"
    WITHDRAWER = "withdrawer"


class Body(StrEnum):
    """Which organ of a state or organisation gave or refused consent."""

    COMMITTEE = "committee"
    COURT = "court"
    GOVERNMENT = "government"
    HEAD_OF_STATE = "head_of_state"
    LEGISLATURE = "legislature"  # the whole, or a one-chamber parliament
    LOWER_HOUSE = "lower_house"
    ORGANISATION = "organisation"
    PEOPLE = "people"  # a referendum
    UPPER_HOUSE = "upper_house"


class InstrumentKind(StrEnum):
    """What an article calls an instrument."""

    ACCORD = "accord"
    AGREEMENT = "agreement"
    CEASEFIRE = "ceasefire"
    CHARTER = "charter"
    CONSTITUTION = "constitution"
    CONVENTION = "convention"
    DEAL = "deal"
    DECLARATION = "declaration"
    MEMORANDUM = "memorandum"
    PACT = "pact"
    PLAN = "plan"
    PROTOCOL = "protocol"
    STATUTE = "statute"
    TREATY = "treaty"


class Change(StrEnum):
    """What a development says has changed. Open-ended for readers: new kinds may be added."""

    CANCELLED = "cancelled"  # a plan was called off, or a happening denied outright
    CONTRADICTED = "contradicted"  # two reports cannot both be right
    CORROBORATED = "corroborated"  # one more independent outlet
    FULFILLED = "fulfilled"  # a plan came about
    HISTORY = "history"  # first heard of long after it happened
    NEW = "new"
    RETRACTED = "retracted"  # no article says so any longer
    STATUS = "status"  # the dossier's status changed
    UPDATED = "updated"  # date, body, vote or actors became more precise


class EventStatus(StrEnum):
    """Where an event stands among the other events of its dossier."""

    CANCELLED = "cancelled"
    CONTRADICTED = "contradicted"
    FULFILLED = "fulfilled"
    RETRACTED = "retracted"
    STANDING = "standing"


class DossierStatus(StrEnum):
    """How far an instrument has come; derived from the dossier's events."""

    ADOPTED = "adopted"
    IN_FORCE = "in_force"
    NEGOTIATED = "negotiated"
    RATIFIED = "ratified"  # by at least one party
    SIGNED = "signed"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    WITHDRAWN_FROM = "withdrawn_from"


class Origin(StrEnum):
    """By which way a development was found. Only `live` ones alert."""

    BACKFILL = "backfill"
    LIVE = "live"
    REPLAY = "replay"


class TextSource(StrEnum):
    """Which part of a feed's item an article's text was taken from."""

    CONTENT = "content"
    NONE = "none"
    PAGE = "page"
    SUMMARY = "summary"


class Stage(StrEnum):
    """Where bad input was met."""

    ARTICLE = "article"  # one item of a feed, or one article before detection
    FEED = "feed"  # a whole document; replay asks the feed again, not the bytes
    RECORD = "record"  # a record of a log that cannot be decoded
