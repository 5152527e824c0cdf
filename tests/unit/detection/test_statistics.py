"""The models that read sentences: what they are given, how they reckon, what they propose."""

import datetime
from importlib import resources

import numpy as np
import pytest

from pipelines.detection import detector_for
from pipelines.detection.english.document import Document
from pipelines.detection.english.names import names
from pipelines.detection.english.statistics import learned
from pipelines.detection.english.statistics.abstract import abstract
from pipelines.detection.english.statistics.senses import lemma, senses
from pipelines.detection.english.statistics.told import NOTHING, Reader, models
from pipelines.detection.softmax import Stored, from_stored
from schemas.vocabulary import EventType, Modality


def document(text: str) -> Document:
    """An article without a headline."""
    return Document(text, 0, datetime.date(2026, 3, 5), names())


def test_the_senses_are_alphabetical_and_each_lemma_stands_once() -> None:
    """The senses are alphabetical, and each lemma stands once."""
    table = resources.files("pipelines.detection.english.statistics").joinpath("senses.tsv").read_text("utf-8")
    words = [line.split("\t")[0] for line in table.splitlines()[1:]]
    assert words == sorted(set(words))
    assert len(words) == len(senses())


@pytest.mark.parametrize(
    ("norm", "tag", "wanted"),
    [("signed", "w", "sign"), ("treaties", "I", "treaty"), ("talks", "n", "talk"), ("congress", "b", "congress")],
)
def test_lemmas(norm: str, tag: str, wanted: str) -> None:
    """Verbs by the list of forms, nouns by their ending."""
    assert lemma(norm, tag) == wanted


def test_names_are_taken_out_of_a_sentence() -> None:
    """Names are taken out of a sentence: another state and another treaty leave the same symbols."""
    one = abstract(document("Peru signed the treaty with Chile on 3 March."), 0)
    other = abstract(document("Ghana signed the treaty with Togo on 9 June."), 0)
    assert one.symbols == other.symbols
    assert one.symbols[:4] == ("<state>", "sign", "the", "<treaty>")


def test_a_model_adds_the_weights_of_the_features_that_hold_each_once() -> None:
    """A model adds the weights of the features that hold, each once."""
    weights = np.array([[2, 0], [0, 4]], dtype=np.int8)
    model = from_stored(Stored(("no", "yes"), 0.5, (0.0, 1.0), ("a", "b"), weights.tobytes()))
    rows = model.found(["a", "b", "b", "unheard of"])
    assert rows == [0, 1, 1]
    chances = model.probabilities(rows)
    assert chances == pytest.approx(np.exp([1.0, 3.0]) / np.exp([1.0, 3.0]).sum())


def test_the_models_know_every_type_and_every_modality() -> None:
    """The models know every type and every modality."""
    assert set(models().types.classes) == {NOTHING, *map(str, EventType)}
    assert set(models().modalities.classes) == set(map(str, Modality))


def test_a_reader_says_which_word_tells_what() -> None:
    """A reader says which word tells what."""
    reader = Reader(document("Peru and Chile inked seven agreements in Lima."), 0, (), models())
    told = {reader.view.lemmas[teller.position]: teller.chances for teller in reader.tellers()}
    assert max(told["ink"], key=lambda kind: told["ink"][kind]) == "signature"


def test_what_no_pattern_words_is_proposed_by_the_models() -> None:
    """What no pattern words is proposed by the models, with who acts and what it is about."""
    article = document("Turkmenistan and Azerbaijan signed seven agreements on Friday.")
    found = list(learned.candidates(article, 0, (), models()))
    best = max(found, key=lambda candidate: candidate.support)
    assert (best.type, best.modality, best.pattern) == ("signature", "occurred", "learned.signature")
    assert [agent.code for agent, _ in best.actors] == ["TKM", "AZE"]


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("LONDON (Reuters) - Rebels in Nigeria's delta agreed a ceasefire with the army.", ("NGA",)),
        ("MOSCOW, Oct 3 (Xinhua) -- Peru signed the border treaty with Chile.", ("CHL", "PER")),
        ("ISLAMABAD, Dec 3: Peru signed the border treaty with Chile.", ("CHL", "PER")),
        ("Zambia signed the Kigali climate accord.", ("ZMB",)),
        ("The Moscow-Beijing border pact was signed in May.", ("CHN", "RUS")),
        ("Lawmakers in Ecuador voted down the banana trade agreement with China.", ("CHN", "ECU")),
        ("Poland's Sejm voted on Friday to withdraw from the landmine treaty.", ("POL",)),
    ],
)
def test_who_takes_part(text: str, parties: tuple[str, ...]) -> None:
    """Datelines and cities in a treaty's name are nobody; a city of each side is its state; a place has lawmakers."""
    detect = detector_for("en")
    assert detect is not None
    found = detect("", text, datetime.datetime(2026, 3, 5, tzinfo=datetime.UTC))
    assert {mention.parties for mention in found} == {parties}


def test_a_leader_of_another_time_is_nobody() -> None:
    """Whoever bears a leader's name before the leader's term counts only where the state is named."""
    detect = detector_for("en")
    assert detect is not None
    text = "Najib signed the border treaty with Chile."
    then = detect("", text, datetime.datetime(1989, 1, 2, tzinfo=datetime.UTC))
    later = detect("", text, datetime.datetime(2012, 1, 2, tzinfo=datetime.UTC))
    assert [mention.parties for mention in then] == [("CHL",)]
    assert [mention.parties for mention in later] == [("CHL", "MYS")]
