"""The cheap question asked first: may an article hold a treaty event at all?"""

_STEMS = (
    "treat", "agree", "convention", "protocol", "pact", "accord", "deal", "memorandum", "ceasefire", "cease-fire", "truce", "armistice", "ratif",
    "acced", "accession", "withdr", "negotiat", "talks", "sanction", "statute", "charter", "denounc", "tribunal", "arbitrat", "court", "airspace", "membership", "join", "chemical", "start",
)  # fmt: skip


def may_hold_event(text: str) -> bool:
    """False only where no pattern could find anything."""
    lowered = text.lower()
    return any(stem in lowered for stem in _STEMS)
