"""Whom a name names: the tricky ones, and what a matcher is given."""

import pytest

from pipelines.detection.english.gazetteer import Category, actor_names, body_of, masks
from pipelines.detection.english.gazetteer.load import Name, load_names
from schemas.vocabulary import Body

NAMES = {name.words: name for name in load_names()}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Australia", "AUS"),
        ("Austria", "AUT"),
        ("Bissau-Guinean", "GNB"),
        ("Burma", "MMR"),
        ("Congo", "COD"),
        ("Congo-Brazzaville", "COG"),
        ("Congolese", "COD"),
        ("Côte d'Ivoire", "CIV"),
        ("DPRK", "PRK"),
        ("Democratic Republic of the Congo", "COD"),
        ("Dominica", "DMA"),
        ("Dominican Republic", "DOM"),
        ("Dominicans", "DOM"),
        ("Equatorial Guinea", "GNQ"),
        ("Equatorial Guinean", "GNQ"),
        ("Eswatini", "SWZ"),
        ("Georgia", "GEO"),
        ("Guinea", "GIN"),
        ("Guinea-Bissau", "GNB"),
        ("Holy See", "VAT"),
        ("Kosovo", "XKX"),
        ("Kremlin", "RUS"),
        ("Niger", "NER"),
        ("Nigeria", "NGA"),
        ("Nigerian", "NGA"),
        ("Nigerien", "NER"),
        ("North Korea", "PRK"),
        ("North Macedonia", "MKD"),
        ("Papua New Guinea", "PNG"),
        ("People's Republic of China", "CHN"),
        ("Republic of China", "TWN"),
        ("Republic of Korea", "KOR"),
        ("Republic of the Congo", "COG"),
        ("Slovak", "SVK"),
        ("Slovene", "SVN"),
        ("South Korea", "KOR"),
        ("South Sudan", "SSD"),
        ("Soviet Union", "RUS"),
        ("Sudan", "SDN"),
        ("Swaziland", "SWZ"),
        ("Tehran", "IRN"),
        ("Yugoslavia", "SRB"),
        ("Zaire", "COD"),
    ],
)
def test_a_name_names_its_state(words: str, code: str) -> None:
    """The usual reading, whatever else is spelt alike."""
    assert NAMES[words].codes[0] == code


@pytest.mark.parametrize(
    ("words", "before", "after"),
    [
        ("China", "Republic of", None),
        ("Georgia", "Atlanta", "Tech"),
        ("Georgian", None, "house"),
        ("Guinea", "Equatorial", "pig"),
        ("Guinea", "New", None),
        ("Guinea", "Papua New", None),
        ("India", "British", None),
        ("Ireland", "Northern", None),
        ("Korea", "North", None),
        ("Niger", None, "Delta"),
        ("Republic of China", "People's", None),
        ("Republic of Korea", "Democratic People's", None),
        ("Republic of the Congo", "Democratic", None),
        ("Sudan", "South", None),
    ],
)
def test_a_neighbour_forbids_the_shorter_reading(words: str, before: str | None, after: str | None) -> None:
    """Equatorial Guinea is not Guinea, nor Georgia Tech Georgia."""
    name = NAMES[words]
    assert before is None or before in name.not_before
    assert after is None or after in name.not_after


def test_a_demonym_of_two_states_gives_the_usual_one_first() -> None:
    """The rival counts where the article names it surely."""
    assert NAMES["Congolese"].codes == ("COD", "COG")
    assert NAMES["Dominican"].codes == ("DOM", "DMA")


def test_korea_alone_counts_only_where_the_article_names_the_south_surely() -> None:
    """It is a weak name of South Korea."""
    assert NAMES["Korea"].codes == ("KOR",)
    assert NAMES["Korea"].weak


def test_every_state_has_its_own_name_as_a_sure_reading() -> None:
    """No state is found by weak names alone."""
    sure = {(name.surface, name.code) for name in actor_names() if not name.weak}
    assert {code for _, code in sure} >= {name.code for name in actor_names() if name.category is Category.STATE}


def test_no_surface_has_two_sure_readings() -> None:
    """All actors of all tables taken together."""
    sure = [name.surface for name in actor_names() if not name.weak]
    assert len(sure) == len(set(sure))


def test_no_mask_hides_a_name() -> None:
    """A mask is nobody's name."""
    assert {mask.surface for mask in masks()}.isdisjoint(NAMES)


@pytest.mark.parametrize(
    ("code", "surface", "body"),
    [
        ("FRA", "National Assembly", Body.LOWER_HOUSE),
        ("KOR", "National Assembly", Body.LEGISLATURE),
        ("RUS", "State Duma", Body.LOWER_HOUSE),
        ("RUS", "Federation Council", Body.UPPER_HOUSE),
        ("USA", "Senate", Body.UPPER_HOUSE),
        ("UKR", "Verkhovna Rada", Body.LEGISLATURE),
        ("IRN", "Majlis", Body.LEGISLATURE),
        ("DEU", "Bundesrat", Body.UPPER_HOUSE),
    ],
)
def test_a_chamber_is_what_it_is_in_its_state(code: str, surface: str, body: Body) -> None:
    """One name is a lower house here and a whole parliament there."""
    assert body_of(code, surface) is body


def test_names_for_a_matcher_are_sorted_and_each_given_once() -> None:
    """Rival readings share one entry."""
    words = [name.words for name in load_names()]
    assert words == sorted(set(words))


def test_a_leader_comes_with_person_and_time() -> None:
    """From the beginning of the first term to the end of the last."""
    assert NAMES["Zelensky"] == Name(
        "Zelensky", ("UKR",), "leader", person="Volodymyr Zelensky", first="2019-05-20", last=None
    )
    assert NAMES["Thatcher"].last == "1990"


def test_a_leader_of_several_names_the_latest_first() -> None:
    """Whom the latest term served comes first."""
    assert NAMES["Rutte"].codes == ("NATO", "NLD")
    assert NAMES["Solana"].codes == ("EU", "NATO", "ESP")


def test_a_rebel_who_became_prime_minister_may_stand_for_either() -> None:
    """The armed group comes first."""
    assert NAMES["Prachanda"].codes == ("MAOIST", "NPL")


@pytest.mark.parametrize("surname", ["Brown", "Johnson", "Kim", "Lee", "Major", "May", "Park", "Rice", "Singh"])
def test_a_common_surname_names_nobody_by_itself(surname: str) -> None:
    """The full name does."""
    assert surname not in NAMES
