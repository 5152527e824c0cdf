"""Verb forms: which lemma, in which form, a word may be."""

import re
from collections.abc import Mapping
from enum import IntFlag
from types import MappingProxyType


class Form(IntFlag):
    """The forms that one spelling of a verb may stand for."""

    BASE = 1
    PRESENT = 2  # third person singular
    PAST = 4
    PARTICIPLE = 8
    GERUND = 16


_REGULAR = (
    "abandon abide abolish abrogate abstain accede accelerate accept acclaim accompany accord accuse achieve "
    "acknowledge act activate add adhere adjourn admit adopt advance advise affect affirm agree aim alert allege "
    "allow amend announce annul answer appeal appear apply appoint appreciate approve argue arrange arrest arrive ask "
    "assert assess assist assume assure attack attain attempt attend attract authorise authorize avert avoid await "
    "award back ban bar base beg believe belong benefit bind block bolster bomb boost boycott breach broker call "
    "cancel carry cast cause cease celebrate challenge change charge cite claim clear clinch close collapse combat "
    "commit communicate compel complain complete comply conceal concede concern conclude condemn conduct confer "
    "confirm confront consent consider constitute contain contend continue contravene contribute control convene "
    "convert convince cooperate correspond cover create criticise criticize cross curb deadlock debate decide declare "
    "decline deepen defeat defend defer define delay deliver demand demarcate denounce deny depart depend deploy "
    "deposit derail describe designate destroy detain determine develop disagree disapply discard disclose discuss "
    "dismiss disown dispatch disregard disrupt dissolve divide double draft drag drop ease elect eliminate embark "
    "emerge emphasise emphasize enable enact encourage end endanger endorse enforce engage enhance enjoy ensure enter "
    "erupt escalate establish estimate evaluate evict examine exceed exchange exclude execute exercise exit expand "
    "expect expel expire explain express extend face fail falter favor favour file finalise finalize finance finish "
    "fire flout follow force formalise formalize forward foster fulfil fulfill gain gather grant guarantee hail halt "
    "hammer hamper hand handle happen help hinder honor honour hope host identify ignore implement imply impose "
    "improve include increase indicate inform infringe initial initialize initiate ink insist inspect institute "
    "instruct intend interpret intervene introduce invade invalidate investigate invite invoke involve issue "
    "jeopardize join justify kill lack lapse last launch lift limit link list lobby lock lodge look maintain mandate "
    "mark mediate mention merge monitor mount move mull name near need negotiate nix normalise normalize notify "
    "object oblige observe obtain occupy occur offer open operate oppose opt order organise organize outlaw outline "
    "overrule participate pass pause pend permit persuade place plan plead pledge point pose postpone praise prefer "
    "prepare present preserve press pressure prevent proceed proclaim produce prohibit prolong promise promote prompt "
    "promulgate propose protect protest prove provide publish pull push qualify question race raise ratify reach "
    "react reaffirm realize rearm recall receive recognise recognize recommend recommit reconsider record refer "
    "reflect refrain refuse regard regret regulate reinforce reinstate reiterate reject rejoin relate release remain "
    "remind remove renege renegotiate renew renounce reopen repeal repeat replace reply report represent repudiate "
    "request require rescind reserve resign resist resolve respect respond restart restore restrict result resume "
    "retaliate retire retract return reveal reverse review revise revive revoke reward rip rule sabotage salvage "
    "sanction save scrap scupper secure select separate serve settle shape share shell shelve side shift sign signal "
    "slam slow snub soften solve spark spur stage stall start state stay stick stop strengthen stress strip submit "
    "subscribe succeed sue suffer suggest summon supersede supplement supply support suspect suspend sway table talk "
    "target terminate test thank threaten topple torpedo touch toughen trade trample transfer transform transmit "
    "treat trigger try turn unblock underline undermine unratify unveil update urge use vacate validate veto vie view "
    "violate visit voice void vote vow wait walk want warn watch weaken welcome work worry"
).split()

_IRREGULAR = [
    "\nbeat beat beaten ",
    " become became become ",
    " begin began begun ",
    " bid bid bid ",
    " bind bound bound ",
    " break broke broken ",
    "\nbring brought brought ",
    " build built built ",
    " buy bought bought ",
    " choose chose chosen ",
    " come came come ",
    " cut cut cut ",
    "\ndeal dealt dealt ",
    " draw drew drawn ",
    " drive drove driven ",
    " fall fell fallen ",
    " feel felt felt ",
    " fight fought fought ",
    "\nfind found found ",
    " flee fled fled ",
    " fly flew flown ",
    " forbid forbade forbidden ",
    " foresee foresaw foreseen ",
    " freeze\nfroze frozen ",
    " get got got ",
    " give gave given ",
    " go went gone ",
    " grow grew grown ",
    " hear heard heard ",
    " hit hit hit ",
    " hold\nheld held ",
    " keep kept kept ",
    " know knew known ",
    " lay laid laid ",
    " lead led led ",
    " leave left left ",
    " let let let ",
    " lose\nlost lost ",
    " make made made ",
    " mean meant meant ",
    " meet met met ",
    " offset offset offset ",
    " oversee oversaw overseen ",
    "\noverthrow overthrew overthrown ",
    " overturn overturned overturned ",
    " pay paid paid ",
    " put put put ",
    " quit quit quit ",
    " read\nread read ",
    " rebuild rebuilt rebuilt ",
    " rewrite rewrote rewritten ",
    " rise rose risen ",
    " run ran run ",
    " say said said ",
    " see\nsaw seen ",
    " seek sought sought ",
    " sell sold sold ",
    " send sent sent ",
    " set set set ",
    " shake shook shaken ",
    " shoot shot shot ",
    "\nshow showed shown ",
    " sit sat sat ",
    " slip slipped slipped ",
    " speak spoke spoken ",
    " spend spent spent ",
    " split split split ",
    "\nstand stood stood ",
    " step stepped stepped ",
    " strike struck stricken ",
    " strike struck struck ",
    " swear swore sworn ",
    " take\ntook taken ",
    " teach taught taught ",
    " tear tore torn ",
    " tell told told ",
    " think thought thought ",
    " thrash thrashed thrashed\n",
    " throw threw thrown ",
    " undergo underwent undergone ",
    " understand understood understood ",
    " undertake undertook undertaken\n",
    " unfreeze unfroze unfrozen ",
    " uphold upheld upheld ",
    " win won won ",
    " withdraw withdrew withdrawn ",
    " withhold withheld\nwithheld ",
    " write wrote written\n",
]

_DOUBLING = frozenset(
    (
        "admit ban bar commit compel confer control defer drop expel plan permit prefer quit refer rip scrap regret "
        "step stop strip submit transfer transmit cut get hit let put run set sit split begin forbid slip step beg "
        "spur web nix"
    ).split()
) - {"nix"}

_VOWELS = "aeiou"


def _regular(lemma: str) -> tuple[str, str]:
    """The past and the -ing form of a regular verb."""
    if lemma.endswith("ee"):
        return lemma + "d", lemma + "ing"
    if lemma.endswith("e"):
        return lemma + "d", lemma[:-1] + "ing"
    if lemma.endswith("y") and lemma[-2] not in _VOWELS:
        return lemma[:-1] + "ied", lemma + "ing"
    if lemma in _DOUBLING:
        return lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing"
    return lemma + "ed", lemma + "ing"


def _present(lemma: str) -> str:
    """The third person singular."""
    if re.search(r"(s|x|z|ch|sh|o)$", lemma):
        return lemma + "es"
    if lemma.endswith("y") and lemma[-2] not in _VOWELS:
        return lemma[:-1] + "ies"
    return lemma + "s"


def _gerund(lemma: str) -> str:
    return _regular(lemma)[1]


def _table() -> dict[str, tuple[str, Form]]:
    """Every spelling, with its lemma and forms."""
    table: dict[str, tuple[str, Form]] = {}

    def enter(spelling: str, lemma: str, form: Form) -> None:
        known = table.get(spelling)
        if known is None or known[0] == lemma:
            table[spelling] = (lemma, form | known[1] if known else form)

    for row in _IRREGULAR:
        if not row.strip():
            continue
        lemma, past, participle = row.split()
        enter(past, lemma, Form.PAST)
        enter(participle, lemma, Form.PARTICIPLE)
        enter(lemma, lemma, Form.BASE)
        enter(_present(lemma), lemma, Form.PRESENT)
        enter(_gerund(lemma), lemma, Form.GERUND)
    for lemma in _REGULAR:
        past, gerund = _regular(lemma)
        enter(past, lemma, Form.PAST | Form.PARTICIPLE)
        enter(lemma, lemma, Form.BASE)
        enter(_present(lemma), lemma, Form.PRESENT)
        enter(gerund, lemma, Form.GERUND)
    for spelling, lemma in (
        ("initialled", "initial"), ("initialling", "initial"), ("cancelled", "cancel"), ("cancelling", "cancel"),
        ("signalled", "signal"),
    ):  # fmt: skip
        enter(spelling, lemma, Form.GERUND if spelling.endswith("ing") else Form.PAST | Form.PARTICIPLE)
    return table


VERBS: Mapping[str, tuple[str, Form]] = MappingProxyType(_table())
"""Spelling (lower case) → lemma and the forms it may be."""

NOUN_TOO = frozenset(
    (
        "accord accords appeal appeals attack attacks attempt attempts award awards ban bans block blocks breach "
        "breaches call calls cause challenge challenges change changes charge charges claim claims concern concerns "
        "conduct control cut cuts deadlock deal deals debate debates decline defeat delay delays demand demands "
        "deposit deposits dispatch divide draft drafts drop end ends exchange exchanges exercise exercises exit "
        "exits face favour favor file force forces gain gains halt help hit hold hope hopes host increase initial "
        "issue issues lack lapse launch lead leave limit limits link links list look mandate mark move moves name "
        "need needs object objects offer offers order orders pass pause place plan plans pledge pledges point "
        "points present press pressure prompt protest protests pull push question questions race read record regard "
        "release reply report reports request requests reserve reserves resort respect result results return "
        "returns review reviews reward rise rule rules run sanction sanctions set shape share shares shift show "
        "sign signs signal signals slip spark split stage stall stand start state states stay step steps stop "
        "stress strike strikes strip supply support table talk talks target targets test tests thanks trade "
        "transfer trigger trust turn update use uses view views veto vetoes visit visits voice vote votes vow vows "
        "walk want watch win wins work works worry void shell shells last lapse states welcome walk exits open live "
        "right can advance near separate favour notice secure double free close clear complete back base bar bomb "
        "fire forward finance guarantee measure slow separate spur stage stick lower last express object value "
        "merge collapse report retreat conduct contract convert compact complete correct direct"
    ).split()
)
"""Spellings that are a noun or an adjective as often as a verb: the words around them decide (`tagging.py`)."""
