"""What was asked decides what an answer means; anything else is an ordinary message."""

import pytest

from bot.expected import meaning_of, still_open
from participation import content
from participation.language.asking import MOST_WORDS

MEANING = {"intent": "inbreng_aanvullen", "inbreng": "1"}
ASKED_YES, ASKED_WORDS = {"ja": MEANING}, {"woorden": MEANING}


@pytest.mark.parametrize("text", ["ja", "Ja!", " JA, graag. ", "Oké", "ja, voeg maar toe", "Ja, dat klopt."])
def test_a_yes_means_what_was_offered(text: str) -> None:
    assert meaning_of(text, ASKED_YES) == MEANING
    assert meaning_of(text, {}) is None


@pytest.mark.parametrize(("text", "asked"), [("wis alles", "wissen"), ("ja, trek in", "inbreng_intrekken")])
def test_what_is_a_yes_to_one_question_is_none_to_another(text: str, asked: str) -> None:
    """ "Wis alles" must not pass a contribution on."""
    assert meaning_of(text, {"ja": {"poort": asked}}) == {"poort": asked}
    assert meaning_of(text, {"ja": {"intent": "inbreng_doen", "inbreng": "ja"}}) is None


@pytest.mark.parametrize(
    "text",
    ["nee", "ja maar wacht even", "wat gaat er dan weg?", "ja?", "jammer", "", "niet oké", '{"poort": "wissen"}'],
)
def test_anything_but_a_plain_yes_is_not_a_yes(text: str) -> None:
    assert meaning_of(text, ASKED_YES) is None


@pytest.mark.parametrize("text", ["De lamp brandt ook overdag.", "/stop nu", "ja", "het is nee of niets"])
def test_words_that_were_asked_for_are_taken_as_they_are(text: str) -> None:
    assert meaning_of(text, ASKED_WORDS) == {**MEANING, "woorden": True}


@pytest.mark.parametrize(
    "text",
    ["Stop", "laat maar", "nee, toch niet", "overslaan", "Terug", "wat doet de gemeenteraad?", "hoe kan ik stemmen"],
)
def test_stopping_and_asking_something_else_is_not_what_was_asked_for(text: str) -> None:
    assert meaning_of(text, ASKED_WORDS) is None


@pytest.mark.parametrize("text", ["weet ik niet", "overslaan", "Sla maar over.", "terug", "nee"])
def test_a_question_that_may_be_skipped_is_left_in_all_these_ways(text: str) -> None:
    assert meaning_of(text, {"woorden": MEANING, "nee": {"intent": "x"}}) == {"intent": "x"}


def test_a_statement_that_opens_like_a_question_is_part_of_the_words() -> None:
    text = "Hoe dat kan weet ik niet, maar de lamp brandt weer niet."
    assert meaning_of(text, ASKED_WORDS) == {**MEANING, "woorden": True}


def test_a_long_question_is_part_of_the_words() -> None:
    long = "waarom " * MOST_WORDS + "dan?"
    assert meaning_of(long, ASKED_WORDS) == {**MEANING, "woorden": True}
    assert still_open(long, ASKED_WORDS) == []


@pytest.mark.parametrize("text", ["Waarom gaat het zwembad in mei dicht?", "hoe kan ik stemmen", "ja?"])
def test_a_question_is_the_words_where_these_may_be_one(text: str) -> None:
    asked = {**MEANING, "ook_vragen": True}
    assert meaning_of(text, {"woorden": asked}) == {**asked, "woorden": True}
    assert meaning_of("stop", {"woorden": asked}) is None


def test_after_a_question_in_between_the_words_can_still_come() -> None:
    [again] = still_open("wat doet de raad?", ASKED_WORDS)
    assert (again["tekst"], again["verwacht"]) == (content.text("aanvullen_verder"), ASKED_WORDS)
    assert still_open("stop", ASKED_WORDS) == still_open("wat doet de raad?", ASKED_YES) == []


@pytest.mark.parametrize("text", ["dank je", "Dank u wel!", "ik wil een mens spreken", "hallo", "prima"])
def test_thanks_and_asking_for_a_person_are_no_story(text: str) -> None:
    assert meaning_of(text, {"woorden": {"intent": "inbreng_doen"}}) is None
    assert meaning_of(text, ASKED_WORDS) == {**MEANING, "woorden": True}
