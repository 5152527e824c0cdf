"""What looks like an instrument and binds no state: contracts, bargains, sport, business, domestic politics."""

import re
from collections.abc import Iterable
from itertools import pairwise

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
        "presidential electoral venture wages salaries salary pay tenant tenants redundancy pension pensions "
        "budget catering retail"
    ).split()
)
_PRICE_WAR = frozenset("price prices supermarket supermarkets advertising bidding".split())
"""What a truce is called off in that is no war."""
_PROCEDURES = frozenset("treatment sepsis clinical medical patient patients hygiene testing safety concussion".split())
"""What a protocol is about that tells how to go about something."""
_HOME_AFFAIRS = (("land", "claims"), ("land", "claim"), ("power", "purchase"), ("joint", "venture"))
COMPANY_WORDS = frozenset(
    (
        "company companies manufacturer manufacturers firm firms corporation corp inc ltd plc llc gmbh airline "
        "airlines carrier maker makers giant giants producer producers operator retailer startup start-up "
        "shipbuilder automaker brewer bank lender studio broadcaster publisher union unions workers employees "
        "players club clubs team teams league athletes actors writers teachers nurses doctors university college "
        "school hospital church foundation striker winger midfielder goalkeeper coach rapper singer band "
        "conglomerate telecom biotechnology pharmaceutical pharmaceuticals aerospace shares shareholders subsidiary "
        "investors billionaire oilfield refinery bishop archbishop diocese shipyard shipyards supermarket supermarkets "
        "trader traders miner miners metalworkers steelworkers dockers employer employers farmers doctors "
        "students musicians orchestra opera chorus theatre museum insurer insurers contractor contractors "
        "supplier suppliers retailers wholesalers brewery brewers airport startups "
        "mill mills studios publishers broadcasters lenders exporters importers growers "
        "engineers federations hospitals universities colleges schools churches clinics laboratories "
        "creditor creditors bondholders borrowers protesters demonstrators strikers shareholders"
    ).split()
)
_AT_HOME = COMPANY_WORDS | frozenset(
    (
        "wages wage pay bargaining strike striker league season cup coach keeper fans pitch ballot shifts wards "
        "patients stadium concert fee customers stores store shoppers merger lockout picket contract contracts "
        "overtime staff"
    ).split()
)
_SETTLED = 4
"""So many words of business, sport or work, each once, and an article is about one of them."""
_MAKERS = frozenset(("lawmaker", "lawmakers", "peacemaker", "peacemakers", "policymaker", "policymakers"))
_PURCHASE = frozenset("doses vaccine vaccines shares stake".split())


def is_private(phrase: InstrumentPhrase) -> bool:
    """Whether an instrument's own words make it a contract or a bargain."""
    words = phrase.name.lower().replace("-", " ").split()
    if phrase.kind == "protocol" and any(word in _PROCEDURES for word in words):
        return True
    if phrase.kind == "ceasefire" and any(word in _PRICE_WAR for word in words):
        return True
    if not phrase.proper and any(pair in pairwise(words) for pair in _HOME_AFFAIRS):
        return True
    return any(word in _PRIVATE_KINDS for word in words) and phrase.kind not in (
        "treaty",
        "convention",
        "ceasefire",
        "protocol",
    )


def is_business(sentence: Sentence, region: Region) -> bool:
    """Whether a noun phrase names a company, a club or their people."""
    named = {at for entity in sentence.within(*region) for at in range(entity.first, entity.last)}
    return any(_is_of_business(sentence.norms[at]) and at not in named for at in range(region.first, region.last))


def _is_of_business(norm: str) -> bool:
    return norm in COMPANY_WORDS or (norm.endswith(("maker", "makers")) and norm not in _MAKERS)


def is_about_business(words: Iterable[str], *, states_named: bool) -> bool:
    """Whether an article is about business, sport or work: fewer such words tell it where no state is named."""
    return len(_AT_HOME.intersection(words)) >= (_SETTLED if states_named else _SETTLED // 2)


BARGAINS = frozenset(("accord", "agreement", "deal", "memorandum", "pact"))
"""Kinds of instrument that anybody may make."""
_MONEY = re.compile(r"[$€£¥]|\b(?:million|billion|dollars?|euros?|pounds?)\b", re.IGNORECASE)
_VENTURE = re.compile("[EJ]'P+n+")


def is_nobody(sentence: Sentence, region: Region) -> bool:
    """Whether a noun phrase is a name that stands for no state, organisation or group, and has no office."""
    tags = sentence.tags[region.first : region.last]
    return "P" in tags and not set(tags) & set("EJHob") and not sentence.within(*region)


_TWO = 2
_FACTIONS = frozenset(
    (
        "democrats republicans conservatives socialists liberals centrists lawmakers senators deputies councillors "
        "unionists nationalists"
    ).split()
)


def is_factional(sentence: Sentence, region: Region) -> bool:
    """Whether parties of one state's parliament act with each other: "Democrats and Republicans reach a deal"."""
    words = sentence.norms[region.first : region.last]
    codes = {entity.codes[0] for entity in sentence.within(*region)}
    return "and" in words and len(_FACTIONS.intersection(words)) > 1 and len(codes) < _TWO


def is_venture(sentence: Sentence, region: Region) -> bool:
    """Whether a noun phrase is a named thing of a state's: "Israel's Leviathan gas field"."""
    return _VENTURE.fullmatch(sentence.tags[region.first : region.last]) is not None


def is_spokesman_of_business(sentence: Sentence, region: Region) -> bool:
    """Whether a pronoun stands for a company: "the company said it had signed"."""
    if sentence.tags[region.first : region.last] != "u" or sentence.within(0, region.first):
        return False
    return is_business(sentence, Region(0, region.first))


def is_priced(phrase: InstrumentPhrase) -> bool:
    """Whether an instrument is named by what it is worth."""
    return _MONEY.search(phrase.name) is not None


def is_firm(sentence: Sentence, region: Region) -> bool:
    """Whether a noun phrase is a state's name in the possessive and one that nobody knows: "Sweden's Volvo"."""
    tags = sentence.tags[region.first : region.last].strip('"')
    return any(tags == state + "'" + name for state in "EJ" for name in ("P", "PP"))


def is_purchase(sentence: Sentence) -> bool:
    """Whether a sentence is about buying goods."""
    return any(norm in _PURCHASE and tag == "n" for norm, tag in zip(sentence.norms, sentence.tags, strict=True))


def has_unknown_partner(sentence: Sentence, region: Region) -> bool:
    """Whether a noun phrase names somebody who is neither a state nor an organisation nor a group."""
    if sentence.within(*region):
        return False
    tags = sentence.tags[region.first : region.last]
    return "o" not in tags and "b" not in tags and (tags[:1] == "P" or tags[:2] == "dP")
