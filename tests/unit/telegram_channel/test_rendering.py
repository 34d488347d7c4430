"""How messages look in Telegram, within its limits."""

from typing import Any

import pytest

from bot.cutting import split
from bot.telegram.rendering import CHOSEN, MOST_CHARACTERS, pieces, ticked
from tests.bot_api import shown


def units(text: str) -> int:
    """As Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def message(text: str, **more: Any) -> dict[str, Any]:
    return {"tekst": text, "soort": "antwoord", "knoppen": [], "links": [], "meer": None, **more}


def test_an_answer_shows_its_details_folded_and_its_sources_below() -> None:
    links = [
        {"titel": "Gemeentewet, artikel 7", "url": "https://wetten.overheid.nl/a?b=1&c=2"},
        {"titel": "ProDemos", "url": "https://prodemos.nl"},
    ]
    buttons = [{"id": "x" * 22, "titel": "Wat is het college?"}, {"id": "y" * 22, "titel": "Iets anders"}]
    [piece] = pieces(message("De raad beslist.", links=links, meer="De raad heeft drie taken.", knoppen=buttons))
    assert piece.html == (
        "De raad beslist.\n\n"
        "<blockquote expandable>Meer uitleg:\nDe raad heeft drie taken.</blockquote>\n\n"
        '<a href="https://wetten.overheid.nl/a?b=1&amp;c=2">Bron: Gemeentewet, artikel 7</a>\n'
        '<a href="https://prodemos.nl">Bron: ProDemos</a>'
    )
    assert piece.keyboard
    rows = [[(button.text, button.callback_data) for button in row] for row in piece.keyboard.inline_keyboard]
    assert rows == [[("Wat is het college?", "x" * 22)], [("Iets anders", "y" * 22)]]


@pytest.mark.parametrize("text", ["a < b & c > d", "<b>", "&amp;", "\"'", "</blockquote>", "{tekst} {bron}"])
def test_text_is_shown_as_it_was_written(text: str) -> None:
    [piece] = pieces(message(text, meer=text, links=[{"titel": text, "url": 'https://a.nl/"><b>'}]))
    assert shown(piece.html) == f"{text}\n\nMeer uitleg:\n{text}\n\nBron: {text}"


@pytest.mark.parametrize(
    "word",
    ["stoep ", "stoep. ", "stoep\n", "stoep.\n\n", "👩‍👩‍👧‍👦 ", "&<> ", "x"],
    ids=["words", "sentences", "lines", "paragraphs", "emoji", "markup", "one word"],
)
@pytest.mark.parametrize("length", [4095, 4096, 4097, 12_000])
def test_every_piece_fits_and_together_they_are_the_whole_text(word: str, length: int) -> None:
    text = (word * length)[:length].strip()
    sent = [shown(piece.html) for piece in pieces(message(text))]
    assert max(map(units, sent)) <= MOST_CHARACTERS
    assert "".join("".join(sent).split()) == "".join(text.split())
    assert len(sent) <= 2 * units(text) // MOST_CHARACTERS + 1


def test_buttons_and_sources_stand_under_the_last_piece() -> None:
    body = message(
        "woord " * 1000,
        meer="uitleg " * 600,
        links=[{"titel": "Bron", "url": "https://a.nl"}],
        knoppen=[{"id": "x" * 22, "titel": "Ja"}],
    )
    *before, last = pieces(body)
    assert [piece.keyboard for piece in before] == [None] * len(before)
    assert (last.keyboard is not None, last.html.endswith(">Bron: Bron</a>")) == (True, True)
    assert max(units(shown(piece.html)) for piece in (*before, last)) <= MOST_CHARACTERS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Eerste alinea.\n\nTweede alinea.", ["Eerste alinea.", "Tweede alinea."]),
        ("Een korte zin. Nog een zin.", ["Een korte zin.", "Nog een zin."]),
        ("een twee drie vier vijf", ["een twee drie", "vier vijf"]),
        ("abcdefghijklmnopqrstuvwxyz", ["abcdefghijklmnop", "qrstuvwxyz"]),
        ("👍" * 9, ["👍" * 8, "👍"]),
        ("", [""]),
    ],
)
def test_a_text_is_cut_where_a_reader_would(text: str, expected: list[str]) -> None:
    assert split(text, 16) == expected


def test_after_a_choice_only_the_chosen_button_is_left_and_does_nothing() -> None:
    buttons = [{"id": "x" * 22, "titel": "Ja"}, {"id": "y" * 22, "titel": "Nee"}]
    [piece] = pieces(message("Klopt dit?", knoppen=buttons))
    assert piece.keyboard
    left = ticked(piece.keyboard, "y" * 22)
    assert left
    assert [(button.text, button.callback_data) for row in left.inline_keyboard for button in row] == [
        ("✓ Nee", CHOSEN)
    ]
    assert ticked(piece.keyboard, "z" * 22) is None


def test_small_buttons_share_the_last_row_and_one_may_change_ones_mind() -> None:
    buttons = [
        {"id": "x" * 22, "titel": "Wat is het college?"},
        {"id": "y" * 22, "titel": "Ja", "klein": True},
        {"id": "z" * 22, "titel": "Nee", "klein": True},
    ]
    [piece] = pieces(message("De raad beslist.", knoppen=buttons))
    keyboard = piece.keyboard
    for chosen, texts in (
        ("y", [["Wat is het college?"], ["✓ Ja", "Nee"]]),
        ("z", [["Wat is het college?"], ["Ja", "✓ Nee"]]),
    ):
        assert keyboard
        keyboard = ticked(keyboard, chosen * 22)
        assert keyboard
        assert [[button.text for button in row] for row in keyboard.inline_keyboard] == texts
        assert [[button.callback_data for button in row] for row in keyboard.inline_keyboard] == [
            ["x" * 22],
            ["y" * 22, "z" * 22],
        ]
