"""The closed classes of English, and the nouns that news of treaties hangs on: word → tag.

A sentence is analysed as one tag, a single letter, for each token, so that phrases are found by walking a string.
Open-class words that are listed nowhere are tagged by their shape (`tagging.py`).

    d determiner   p preposition   t "to"         c coordinator   s subordinator  r relative pronoun
    h "that"       k temporal connective (after, before, since, until, as, when, while, following)
    a auxiliary    m modal         x negation     u pronoun       R adverb        D number     Y year
    M month        W weekday       T other word of time           o office or collective of people
    b public body  I instrument    v finite verb  w participle or past tense      g -ing form
    E name of a state, organisation or group      J adjective of a state          H name of an office holder
    P other capitalised word       n noun, adjective, anything else
    ' possessive   - hyphen or dash within a word group   , comma   ; stronger break   " quotation mark
"""

from collections.abc import Mapping
from types import MappingProxyType

_CLASSES: dict[str, str] = {
    "d": (
        "the a an this these those its their his her our my your both all each every some any several many most few "
        "another such other various certain either half whole own same more numerous multiple"
    ),
    "p": (
        "of in on at by with from for into onto over under against between among amongst about concerning regarding "
        "through via during despite without within near upon per versus toward towards across along beyond behind "
        "amid amidst throughout like including excluding except besides inside outside off out up down around unlike "
        "alongside than worth aboard beneath pending"
    ),
    "t": "to",
    "c": "and or but nor & plus",
    "s": "if unless once because although though whereas whether lest provided even till",
    "r": "which who whom whose where why how what",
    "h": "that",
    "k": "after before since until as when while following whilst upon",
    "a": (
        "is are was were be been being am has have had having do does did 's're 've isn't aren't wasn't weren't "
        "hasn't haven't hadn't doesn't don't didn't"
    ),
    "m": (
        "will would can could may might must shall should won't wouldn't can't cannot couldn't shouldn't mustn't "
        "'ll 'd needn't"
    ),
    "x": "not never neither no none nobody hardly barely n't",
    "u": "it they he she we i you them him us me itself themselves himself herself there who's it's that's they're",
    "R": (
        "also already yet still now then just only again formally officially today yesterday tomorrow tonight earlier "
        "later soon recently unanimously overwhelmingly reportedly finally initially previously provisionally "
        "temporarily jointly immediately quickly narrowly eventually effectively allegedly repeatedly subsequently "
        "unilaterally consistently publicly indefinitely ever even too well here abroad together however meanwhile "
        "instead therefore thus indeed nevertheless nonetheless moreover furthermore likewise far long always often "
        "sometimes twice simply largely mostly merely solemnly strongly firmly flatly categorically vehemently "
        "quietly privately partially fully shortly legally currently so very quite rather almost nearly about roughly "
        "anew mutually bilaterally tentatively conditionally illegally initially originally first last next "
        "ago"
    ),
    "M": (
        "january february march april may june july august september october november december jan feb mar apr "
        "jun jul aug sep sept oct nov dec"
    ),
    "W": "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun",
    "T": (
        "day days week weeks month months year years weekend morning afternoon evening night decade spring summer "
        "autumn winter"
    ),
    "D": (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion "
        "first second third fourth fifth dozen dozens"
    ),
    "I": (
        "treaty treaties agreement agreements convention conventions protocol protocols pact pacts accord accords "
        "deal deals memorandum memoranda memorandums mou charter ceasefire ceasefires truce truces armistice statute "
        "concordat covenant moratorium compact"
    ),
    "b": (
        "parliament parliaments senate legislature congress assembly duma bundestag bundesrat knesset majlis rada "
        "seimas saeima sejm riksdag storting folketing eduskunta chamber house council commission committee cabinet "
        "court courts tribunal panel arbitrator arbitrators judges judge lords commons lawmakers legislators deputies "
        "mps senators parliamentarians voters referendum electorate jury"
    ),
    "o": (
        "president presidents prime minister ministers premier chancellor king queen emir sultan leader leaders "
        "government governments foreign defence defense secretary official officials spokesman spokeswoman "
        "spokesperson ambassador envoy envoys delegation delegations negotiator negotiators diplomat diplomats "
        "administration authorities authority ministry army military forces troops navy regime junta rebels rebel "
        "militants insurgents separatists guerrillas factions faction side sides party parties nations nation "
        "countries country states state members member heads head chief chiefs counterpart counterparts "
        "representatives representative mediators mediator delegates commander general republic kingdom government's "
        "group groups bloc union alliance coalition department agency taoiseach pope governor opposition"
    ),
}

TAGS: Mapping[str, str] = MappingProxyType({word: tag for tag, words in _CLASSES.items() for word in words.split()})
"""Tag of each listed word, lower case; a word listed twice has the later tag."""

NEGATIONS = frozenset(
    (
        "not never neither nor no none nobody n't isn't aren't wasn't weren't hasn't haven't hadn't doesn't don't "
        "didn't won't wouldn't can't cannot couldn't shouldn't mustn't without hardly barely"
    ).split()
)

FUTURE = frozenset("will shall 'll won't".split())

MODALS_OF_POSSIBILITY = frozenset("may might could can should must ought".split())

CONDITIONAL_MODALS = frozenset(["would", "'d", "wouldn't"])

_KINDS = {
    "accord": "accord accords",
    "agreement": (
        "agreement agreements concordat moratorium framework text document instrument amendment amendments annex"
    ),
    "ceasefire": "ceasefire ceasefires truce truces armistice",
    "charter": "charter",
    "constitution": "constitution",
    "convention": "convention conventions covenant",
    "deal": "deal deals",
    "declaration": "declaration declarations statement communique communiqué",
    "memorandum": "memorandum memoranda memorandums mou",
    "pact": "pact pacts compact",
    "plan": "plan plans proposal proposals",
    "protocol": "protocol protocols",
    "statute": "statute",
    "treaty": "treaty treaties",
}

KINDS: Mapping[str, str] = MappingProxyType({word: kind for kind, words in _KINDS.items() for word in words.split()})
"""Head noun of an instrument → what the event model calls its kind."""
