"""What looks like an instrument and binds no state: contracts, bargains, sport, business, domestic politics."""

from pipelines.detection.english.instruments import InstrumentPhrase
from pipelines.detection.english.subjects import Region
from pipelines.detection.english.tagging import Sentence

_PRIVATE_KINDS = frozenset(
    (
        "coalition collective bargaining plea merger licensing license purchase sponsorship confidentiality "
        "nondisclosure disclosure rental takeover acquisition distribution prenuptial franchise labor labour wage "
        "contract player players record book film movie television tv recording publishing broadcast supply credit "
        "refinancing buyout settlement divorce exclusive commercial definitive development stadium naming league "
        "season year-round insurance employment severance advertising streaming leasing lease marketing investor "
        "shareholder tenancy custody surrogacy faculty tuition vaccine vaccines constitutional deferred prosecution "
        "presidential electoral"
    ).split()
)
COMPANY_WORDS = frozenset(
    (
        "company companies manufacturer manufacturers firm firms corporation corp inc ltd plc llc gmbh airline "
        "airlines carrier maker makers giant giants producer producers operator retailer startup start-up "
        "shipbuilder automaker brewer bank lender studio broadcaster publisher union unions workers employees "
        "players club clubs team teams league athletes actors writers teachers nurses doctors university college "
        "school hospital church foundation striker winger midfielder goalkeeper coach rapper singer band "
        "conglomerate telecom biotechnology pharmaceutical pharmaceuticals aerospace shares shareholders subsidiary "
        "investors billionaire oilfield refinery bishop archbishop diocese"
    ).split()
)
_PURCHASE = frozenset("doses vaccine vaccines shares stake".split())


def is_private(phrase: InstrumentPhrase) -> bool:
    """Whether an instrument's own words make it a contract or a bargain."""
    words = phrase.name.lower().replace("-", " ").split()
    return any(word in _PRIVATE_KINDS for word in words) and phrase.kind not in (
        "treaty",
        "convention",
        "ceasefire",
        "protocol",
    )


def is_business(sentence: Sentence, region: Region) -> bool:
    """Whether a noun phrase names a company, a club or their people."""
    named = {at for entity in sentence.within(*region) for at in range(entity.first, entity.last)}
    return any(sentence.norms[at] in COMPANY_WORDS and at not in named for at in range(region.first, region.last))


def is_purchase(sentence: Sentence) -> bool:
    """Whether a sentence is about buying goods."""
    return any(norm in _PURCHASE and tag == "n" for norm, tag in zip(sentence.norms, sentence.tags, strict=True))


def has_unknown_partner(sentence: Sentence, region: Region) -> bool:
    """Whether a noun phrase names somebody who is neither a state nor an organisation nor a group."""
    if sentence.within(*region):
        return False
    tags = sentence.tags[region.first : region.last]
    return "o" not in tags and "b" not in tags and (tags[:1] == "P" or tags[:2] == "dP")
