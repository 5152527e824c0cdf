"""How breaches are alleged and denied, and disputes brought and decided.

Who does what to whom does not follow from the clause as elsewhere: `accusations` and `disputes` find the arguments.
"""

from pipelines.detection.pattern import Pattern, Theme
from schemas.vocabulary import EventType, Role

BLAME = ("blame", "condemn", "criticise", "criticize", "denounce")
"""They accuse where a breach is what it is "for"."""
VIOLATE = ("violate", "breach", "break", "flout", "contravene", "infringe", "renege")
VIOLATION = ("violation", "violations", "breach", "breaches", "contravention", "infringement")

ACCUSE = Pattern(
    id="allegation.accuse",
    type=EventType.ALLEGATION,
    basis="VCLT art. 60; coding rule 9",
    lemmas=("accuse", "allege", "charge", *BLAME),
    role=Role.ACCUSER,
    accepts=("Ethiopia accused Eritrea of violating the Algiers Agreement.",),
    rejects=(
        "Ethiopia accused the opposition of planning riots.",
        "Ethiopia condemned Eritrea and praised the Algiers Agreement.",
    ),
)
BREACH = Pattern(
    id="allegation.breach",
    type=EventType.ALLEGATION,
    basis="VCLT art. 60; coding rule 9",
    lemmas=tuple(dict.fromkeys((*VIOLATE, *VIOLATION))),
    role=Role.ACCUSED,
    accepts=("Sudan violated the ceasefire with Chad.", "Sudan opened fire in breach of the ceasefire with Chad."),
    rejects=("Sudan promised not to violate the ceasefire with Chad.", "The storm breached the dam in Chad."),
)
DENY = Pattern(
    id="denial.deny",
    type=EventType.DENIAL,
    basis="coding rules 9 and 26",
    lemmas=("deny", "reject", "dismiss", "refute", "rebut", "dispute"),
    role=Role.DENIER,
    accepts=(
        "Eritrea denied having violated the Algiers Agreement.",
        "Ethiopia accused Eritrea of violating the Algiers Agreement. Eritrea rejected the allegation.",
    ),
    rejects=("Eritrea denied visas to six reporters.", "Eritrea denied that it had signed the agreement."),
)
FILING = Pattern(
    id="dispute.filing",
    type=EventType.DISPUTE,
    basis="VCLT arts. 65 and 66; coding rule 9",
    lemmas=tuple(
        (
            "complain file sue win lose drop settle bring take submit launch lodge initiate institute seek begin start "
            "request appeal refer drag ask open"
        ).split()
    ),
    theme=Theme.ANYTHING,
    role=Role.CLAIMANT,
    accepts=("Bolivia sued Chile at the International Court of Justice.",),
    rejects=("Bolivia opened a consulate in The Hague.",),
)
RULING = Pattern(
    id="dispute.ruling",
    type=EventType.DISPUTE,
    basis="VCLT arts. 65 and 66; coding rules 9 and 19",
    lemmas=tuple(
        (
            "rule order find decide uphold dismiss award overturn declare hear throw issue reject hand deliver side "
            "state announce say"
        ).split()
    ),
    theme=Theme.ANYTHING,
    role=Role.COURT,
    accepts=("The International Court of Justice ruled that Chile had not breached the treaty with Bolivia.",),
    rejects=("The court found the mayor of Lima guilty of fraud.",),
)
CASE = Pattern(
    id="dispute.case",
    type=EventType.DISPUTE,
    basis="VCLT arts. 65 and 66; coding rule 9",
    lemmas=(
        *("case", "cases", "suit", "infringement", "lawsuit", "complaint", "complaints", "dispute", "arbitration"),
        *("proceedings", "claim", "ruling", "petition", "application", "judgment", "judgement", "verdict", "hearing"),
        "hearings",
    ),
    noun=True,
    theme=Theme.ANYTHING,
    role=Role.PARTY,
    accepts=("The case between Chile and Peru at the International Court of Justice goes on.",),
    rejects=("The case between the club and its former coach goes on.",),
)

QUARREL: tuple[Pattern, ...] = (ACCUSE, BREACH, DENY, FILING, RULING, CASE)
