"""Colours of a municipality: read as they are typed, and refused when people could not read what is written on them."""

import pytest

from bot.web.house_style import stylesheet as for_chat
from desk.house_style import stylesheet as for_desk
from participation.house_style import Colors, ColorsUnreadable, checked, contrast


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#123456", "#123456", 1.0),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    assert (round(contrast(one, other), 2), contrast(one, other)) == (expected, contrast(other, one))


def test_colours_are_read_in_any_case_and_with_or_without_a_hash() -> None:
    assert checked(header=" CC0000 ", header_ink="#FFFFFF", action="#0B3C5D") == Colors("#cc0000", "#ffffff", "#0b3c5d")


@pytest.mark.parametrize(
    ("typed", "faulty"),
    [
        ({"header": "rood"}, {"kop": "kleur"}),
        ({"header": "#fff", "action": "#12345g"}, {"kop": "kleur", "knop": "kleur"}),
        ({"header": "#ffcc00", "header_ink": "#ffffff"}, {"kop_letters": 1.5}),
        ({"action": "#767676"}, {"knop": 3.9}),  # enough on white, too little on the other surfaces
    ],
)
def test_what_is_no_colour_or_hard_to_read_is_named(typed: dict[str, str], faulty: dict[str, object]) -> None:
    usual = {"header": "#0b3c5d", "header_ink": "#ffffff", "action": "#0f6674"}
    with pytest.raises(ColorsUnreadable) as refused:
        checked(**usual | typed)
    assert {
        name: fault if isinstance(fault, str) else round(fault, 1) for name, fault in refused.value.faults.items()
    } == faulty


def test_the_style_sheets_hold_tokens_only_and_nothing_without_colours() -> None:
    colors = Colors("#cc0000", "#ffffff", "#0b3c5d")
    assert (for_desk(None), for_chat(None)) == ("", "")
    assert "--samenspel-brand: #cc0000;" in for_desk(colors)
    assert "--samenspel-action: #0b3c5d; --samenspel-action-hover: #082d45;" in for_desk(colors)
    assert for_chat(colors).startswith(":root { --brand: #cc0000; --on-brand: #ffffff; }\n")
