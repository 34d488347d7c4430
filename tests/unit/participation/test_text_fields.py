"""Fields in texts of the griffie: what is filled, what stays open, and what can never be filled."""

import pytest

from participation.errors import FieldOpen
from participation.text_fields import filled, open_fields, refuse_open_fields, unknown_fields


def test_what_is_known_is_filled_and_the_rest_is_for_the_writer() -> None:
    text = "Uw {soort} {kenmerk} gaat over {onderwerp}. {naam_griffie}. [Wat nu]"
    known = {"soort": "zorg", "kenmerk": "SP-2026-000123-K", "naam_griffie": "griffie van Utrecht"}
    assert filled(text, known) == "Uw zorg SP-2026-000123-K gaat over [onderwerp]. Griffie van Utrecht. [Wat nu]"
    assert filled("{naam_medewerker}", {}) == "[naam medewerker]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Op [datum] in [plaats], op [datum].", ("[datum]", "[plaats]")),
        ("Uw {kenmerk} en [...] en [ ].", ("{kenmerk}", "[...]", "[ ]")),
        ("Zie noot [1] en [ 12 ].", ()),
        ("Zie (bijlage) en {zo}.", ("{zo}",)),
        ("Een [haak zonder\neinde].", ()),
        ("", ()),
    ],
)
def test_open_fields_are_found_once_in_the_order_of_the_text(text: str, expected: tuple[str, ...]) -> None:
    assert open_fields(text) == expected


def test_a_text_goes_on_only_when_nothing_is_open() -> None:
    refuse_open_fields("Alles is ingevuld, zie noot [1].")
    with pytest.raises(FieldOpen) as refused:
        refuse_open_fields("Op [datum].")
    assert refused.value.fields == ("[datum]",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{kenmerk} en [datum]", ()),
        ("{kenmerk} en {leeftijd}", ("{leeftijd}",)),
        ("{kenmerk", ("{",)),
        ("{leeftijd} en }", ("{leeftijd}", "}")),
    ],
)
def test_fields_that_the_program_does_not_know_are_named(text: str, expected: tuple[str, ...]) -> None:
    assert unknown_fields(text) == expected
