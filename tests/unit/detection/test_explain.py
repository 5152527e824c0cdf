"""What `explain` tells of an article."""

from pipelines.detection.explain import explain


def test_a_mention_is_explained_by_pattern_arguments_and_weights() -> None:
    """A mention is explained by pattern arguments and weights."""
    told = explain("", "Peru and Chile signed a border treaty.", None)
    finding = told.findings[0]
    assert (finding.pattern, finding.trigger, finding.dropped) == ("signature.sign", "signed", None)
    assert [code for code, _ in finding.actors] == ["PER", "CHL"]
    assert finding.reasons
    assert any("signature / occurred: mention" in line for line in told.lines())


def test_the_words_that_decided_the_modality_are_named() -> None:
    """The words that decided the modality are named."""
    told = explain("", "Peru will sign a border treaty with Chile.", None)
    assert [finding.cues for finding in told.findings] == [("will",)]


def test_why_a_near_miss_is_no_mention_is_said() -> None:
    """With what it falls short of."""
    bill = "Malta's parliament votes for an amendment that would bar trade deals with states found guilty of genocide."
    told = explain("", bill, None)
    assert [finding.dropped for finding in told.findings] == ["less sure than 0.45"]


def test_an_article_without_a_word_of_treaty_news_is_not_analysed() -> None:
    """An article without a word of treaty news is not analysed."""
    told = explain("", "The museum opens at nine.", None)
    assert (told.gate, list(told.lines())) == (False, ["no word of treaty news occurs: nothing was analysed"])
