"""Clues: what the models read of a token, as names of features that hold.

What depends on the sentence alone is told apart from what depends on the token, so that it is gathered once.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from pipelines.detection.english import modality
from pipelines.detection.english.candidates import Candidate
from pipelines.detection.english.clauses import Frame, noun_frame, verb_frame
from pipelines.detection.english.document import Document
from pipelines.detection.english.statistics.abstract import Abstract
from pipelines.detection.english.statistics.senses import senses
from pipelines.detection.english.verbs import VERBS

_WIDE = 8
_NARROW = 3
_GOVERNORS = 5
_ATTACHMENTS = 4
_NEXT = 4
_FAR = 12
_LONG = 10
_SHORT = 6
_OF_PHRASE = frozenset("nobIEPHaYWMDd'J")
"""Tags of what stands in a noun phrase before its head."""
_OF_TIME = frozenset("tomorrow tonight today yesterday next last ago later soon yet still now".split())


def frame_at(view: Abstract, position: int) -> Frame:
    """The frame of the verb or noun at `position`."""
    of = verb_frame if view.sentence.tags[position] in "vwga" else noun_frame
    return of(view.sentence, position, position + 1, view.lemmas[position])


def of_sentence(document: Document, view: Abstract) -> Iterator[str]:
    """What the sentence says whatever the token; names may repeat."""
    known = senses()
    for symbol in view.symbols:
        if symbol[0] == "<":
            yield "S=" + symbol
        for sense in known.get(symbol, ()):
            yield "Sc=" + sense
    yield f"instruments={min(3, len(document.instruments[view.number]))}"
    yield f"names={min(3, len({entity.codes[0] for entity in view.sentence.entities}))}"
    yield place(document, view.number)
    if document.about_business:
        yield "business"
    yield f"article={min(2, sum(map(len, document.instruments)))}"


def place(document: Document, index: int) -> str:
    """Where in the article a sentence stands."""
    if index == 0 and document.title_length:
        return "title"
    return "lead" if index < 3 else "body"


def of_type(document: Document, view: Abstract, position: int, frame: Frame, rules: Sequence[Candidate]) -> list[str]:
    """What speaks for a type of happening at a token, without what its sentence says; names may repeat.

    Args:
        document: The article.
        view: The sentence.
        position: Of the token.
        frame: Its frame.
        rules: What the patterns found in the sentence.
    """
    known = senses()
    symbols, tags = view.symbols, view.sentence.tags
    word, count = view.lemmas[position], len(symbols)
    own = known.get(word, ())
    after = symbols[position + 1] if position + 1 < count else ""
    before = symbols[position - 1] if position else "^"
    found = ["l=" + word, "t=" + tags[position], f"l+n={word}_{after}", "prev=" + before, "next=" + after]
    found += ["c=" + sense for sense in own]
    found += [f"c+n={sense}_{after}" for sense in own]
    if position > 1:
        found.append(f"p2={symbols[position - 2]}_{before}")
    if position + 2 < count:
        found.append(f"n2={after}_{symbols[position + 2]}")
    for other in range(max(0, position - _WIDE), min(count, position + _WIDE + 1)):
        if other == position:
            continue
        side = "L" if other < position else "R"
        symbol = symbols[other]
        found.append(f"{side}={symbol}")
        near = abs(other - position) <= _NARROW
        for sense in known.get(symbol, ()):
            found.append(f"{side}c={sense}")
            if near:
                found.append(f"{side}3c={sense}")
    words = own or (word,)
    found += _of_arguments(view, frame, words, own)
    governors = [view.lemmas[cue] for cue in frame.cues[:_GOVERNORS]]
    for order, governor in enumerate(governors):
        found.append("g=" + governor)
        for sense in known.get(governor, ()):
            found.append("gc=" + sense)
            found += [f"gc,c={mine},{sense}" for mine in own]
        if not order:
            found.append("g0=" + governor)
    instruments = min(2, len(document.instruments[view.number]))
    found += [f"c,ni={mine},{instruments}" for mine in words]
    found += _of_rules(position, rules)
    return found


def _of_arguments(view: Abstract, frame: Frame, words: Sequence[str], own: Sequence[str]) -> Iterator[str]:
    known = senses()
    subject, object_ = view.head(frame.subject), view.head(frame.object)
    yield "s=" + subject
    yield "o=" + object_
    for mine in words:
        yield f"c,s={mine},{subject}"
        yield f"c,o={mine},{object_}"
    for symbol in view.within(frame.subject, _LONG):
        if symbol[0] == "<" or symbol in known:
            yield "sx=" + symbol
    for symbol in view.within(frame.object, _LONG):
        yield "ox=" + symbol
        for mine in own:
            yield f"c,ox={mine},{symbol}"
        for sense in known.get(symbol, ()):
            yield "oc=" + sense
            for mine in own:
                yield f"c,oc={mine},{sense}"
    yield from _of_attachments(view, frame, words)
    if frame.passive:
        yield "passive"
        yield "passive,l=" + frame.lemma
        for mine in own:
            yield "passive,c=" + mine


def _of_attachments(view: Abstract, frame: Frame, words: Sequence[str]) -> Iterator[str]:
    known = senses()
    for attachment in frame.attachments[:_ATTACHMENTS]:
        for symbol in view.within(attachment.region, _SHORT):
            if symbol[0] == "<" or symbol in known:
                yield f"a={attachment.preposition}_{symbol}"
                for mine in words:
                    yield f"c,a={mine},{attachment.preposition}_{symbol}"


def _of_rules(position: int, rules: Sequence[Candidate]) -> Iterator[str]:
    here = False
    for candidate in rules:
        if candidate.trigger == position:
            here = True
            yield "rule=" + candidate.type
            yield "pattern=" + candidate.pattern
        else:
            yield "beside=" + candidate.type
    if not here:
        yield "no rule"


def of_modality(view: Abstract, position: int, frame: Frame, kind: str, rules: Iterable[Candidate]) -> list[str]:
    """What tells how a happening of type `kind` at a token is spoken of, without what its sentence says; may repeat."""
    known = senses()
    symbols, sentence = view.symbols, view.sentence
    tags = sentence.tags
    reading = modality.read(frame)
    read = f"{reading.modality}{'!' if reading.refused else ''}"
    word, tag = view.lemmas[position], tags[position]
    found = ["r=" + read, f"r,t={read},{tag}", f"type,r={kind},{read}", "type=" + kind, "t=" + tag, "l=" + word]
    found += ["rc=" + cue for cue in reading.cues]
    found += ["c=" + sense for sense in known.get(word, ())]
    found += [f"cand={candidate.modality}" for candidate in rules if candidate.trigger == position]
    for order, cue in enumerate(frame.cues[:_SHORT]):
        governor = view.lemmas[cue]
        found.append("g=" + governor)
        found.append("gt=" + tags[cue])
        found += ["gc=" + sense for sense in known.get(governor, ())]
        if order < 2:
            found.append(f"g{order}={governor}")
    for other in range(max(0, position - _SHORT), min(len(tags), position + _SHORT + 1)):
        if other == position:
            continue
        side = "L" if other < position else "R"
        symbol = symbols[other]
        if tags[other] in "mxtskaR" or symbol[0] == "<":
            found.append(f"{side}={symbol}")
        found += [f"{side}c={sense}" for sense in known.get(symbol, ())]
    found += _around(view, position)
    form = VERBS.get(sentence.norms[position])
    found += [
        f"finite={frame.finite}",
        f"noun={frame.noun}",
        f"form={int(form[1]) if form else 0}",
        f"passive={frame.passive}",
    ]
    return found


def of_all_modalities(document: Document, view: Abstract) -> Iterator[str]:
    """What tells in which modality the sentence speaks, whatever the token; names may repeat."""
    sentence = view.sentence
    for other, tag in enumerate(sentence.tags):
        if tag in "mxs" or sentence.norms[other] in _OF_TIME:
            yield "S=" + view.lemmas[other]
        elif tag == "Y" and document.published is not None:
            years = int(sentence.norms[other]) - document.published.year
            yield f"year={'past' if years < 0 else 'this' if not years else 'future'}"
    if view.finite:
        yield "first=" + sentence.norms[view.finite[0]]
    yield place(document, view.number)


def _around(view: Abstract, position: int) -> Iterator[str]:
    """The words about a token by their place, those before its noun phrase, and the finite verbs."""
    symbols, lemmas = view.symbols, view.lemmas
    count = len(symbols)
    for step in range(1, _NEXT + 1):
        if step <= position:
            yield f"L{step}={symbols[position - step]}"
        if position + step < count:
            yield f"R{step}={symbols[position + step]}"
    yield "prev=" + (lemmas[position - 1] if position else "^")
    if position > 1:
        yield f"p2={lemmas[position - 2]}_{lemmas[position - 1]}"
    if position > 2:
        yield "p3=" + "_".join(symbols[position - 3 : position])
    if position + 2 < count:
        yield f"n2={symbols[position + 1]}_{symbols[position + 2]}"
    for other in range(max(0, position - _FAR), min(count, position + _WIDE + 1)):
        if other != position:
            yield "near=" + symbols[other]
    yield from _before_phrase(view, position)
    yield from _finite(view, position)


def _before_phrase(view: Abstract, position: int) -> Iterator[str]:
    """What is said within the noun phrase that the token heads, and right before it: "on the eve of" peace talks."""
    tags, begin = view.sentence.tags, position
    while begin and position - begin < _WIDE and (tags[begin - 1] in _OF_PHRASE or view.symbols[begin - 1][0] == "<"):
        begin -= 1
        yield "within=" + view.lemmas[begin]
    for step in range(1, min(3, begin) + 1):
        yield f"before{step}=" + "_".join(view.lemmas[begin - step : begin])


def _finite(view: Abstract, position: int) -> Iterator[str]:
    """The finite verbs nearest to the token on both sides."""
    norms, lemmas, verbs = view.sentence.norms, view.lemmas, view.finite
    if not verbs:
        return
    left, right = bisect_left(verbs, position), bisect_right(verbs, position)
    before, after = verbs[max(0, left - 2) : left], verbs[right : right + 2]
    for name, nearest in (("verb<", before), ("verb>", after)):
        for other in nearest:
            yield name + norms[other]
        yield name + "=" + "_".join(lemmas[other] for other in nearest)
