"""Whether somebody who comes back to what they passed on wants it changed, or more said beside it."""

import pytest

from participation.language.rewording import corrects


@pytest.mark.parametrize(
    "text",
    [
        "Ik wil mijn inbreng wijzigen",
        "kan ik SP-2026-000123-K nog aanpassen",
        "er zit een typefout in mijn bericht",
        "Het moet zijn: Lindestraat",
        "Pas mijn tekst van gisteren even aan",
        "ik wil het opnieuw schrijven",
    ],
)
def test_words_that_are_there_have_to_change(text: str) -> None:
    assert corrects(text)


@pytest.mark.parametrize(
    "text",
    [
        "ik wil nog iets toevoegen",
        "Vul mijn inbreng aan",
        "Er is weer iets veranderd, zet dat erbij",
        "ik ben het belangrijkste vergeten",
        "nog een reden bij mijn idee",
        "",
    ],
)
def test_more_is_said_beside_them(text: str) -> None:
    assert not corrects(text)
