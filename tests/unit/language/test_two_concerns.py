"""Two concerns in one message are told apart only where the words and the model both say so."""

import pytest

from participation.language.concerns import Concern
from participation.language.two_concerns import split


async def by_word(text: str) -> Concern:
    """Sure of a theme when one of its words is there."""
    themes = {"bus": "openbaar_vervoer", "gras": "groen", "huur": "wonen"}
    for word, theme in themes.items():
        if word in text:
            return Concern((("zorg", 0.9),), ((theme, 0.9),))
    return Concern((("zorg", 0.9),), (("verkeer", 0.3),))


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        (
            "De bus rijdt niet meer door onze wijk. Ook is het gras in het park nooit gemaaid.",
            "De bus rijdt niet meer door onze wijk.",
            "Ook is het gras in het park nooit gemaaid.",
        ),
        (
            "de bus komt nooit meer op tijd hier en daarnaast is de huur veel te hoog",
            "de bus komt nooit meer op tijd hier",
            "en daarnaast is de huur veel te hoog",
        ),
        (
            "Ten eerste komt de bus hier nooit op tijd.\nTen tweede is het gras veel te hoog.",
            "Ten eerste komt de bus hier nooit op tijd.",
            "Ten tweede is het gras veel te hoog.",
        ),
    ],
)
async def test_each_part_keeps_its_own_words(text: str, first: str, second: str) -> None:
    assert await split(text, by_word) == (first, second)


@pytest.mark.parametrize(
    "text",
    [
        "De bus rijdt niet meer door onze wijk. Ook is de bus altijd veel te vol.",
        "De bus rijdt niet meer langs het gras in het park.",
        "De bus rijdt niet. Ook gras.",
        "De bus rijdt niet meer door onze wijk. Ook is alles hier veel te duur geworden.",
        "De bus rijdt niet meer door onze wijk. " * 60 + "Ook is het gras in het park nooit gemaaid.",
    ],
)
async def test_one_concern_stays_one(text: str) -> None:
    assert await split(text, by_word) is None


async def test_without_a_model_nothing_is_proposed_and_nobody_waits_for_it_again() -> None:
    asked = []

    async def nothing(text: str) -> None:
        asked.append(text)

    story = "De bus is weg uit onze wijk. Ook is het gras veel te hoog. Ook zijn er te weinig bankjes in het park."
    assert await split(story, nothing) is None
    assert asked == ["De bus is weg uit onze wijk."]
