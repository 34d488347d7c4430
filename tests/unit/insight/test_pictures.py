"""Drawings that stand on their own: a title, a text, no style and no script."""

from xml.etree import ElementTree as Tree

import pytest

from participation.insight.pictures import BARS, CURVE, DARK, LIGHT, OVER_TIME, PNG, SVG, Picture, Series, draw

SVG_NAME = "{http://www.w3.org/2000/svg}"
BOTH = [Series("november", [3, 0, None]), Series("oktober", [1, 4, 2])]
PICTURES = [
    Picture(OVER_TIME, "Berichten", "Tekst & <uitleg>", ["1 nov", "2 nov", "3 nov"], BOTH),
    Picture(BARS, "Thema’s", "Tekst", ["Wonen", "Een heel lange naam van een thema dat niet past", "$a_b$"], BOTH),
    Picture(BARS, "Niets", "Tekst", [], [Series("november", [])]),
    Picture(CURVE, "Antwoord", "Tekst", ["0", "2.5"], [Series("aandeel", [0.0, 0.6])], "%"),
]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.title)
@pytest.mark.parametrize("dark", [False, True])
def test_an_svg_says_what_it_is_and_needs_no_style(picture, dark):
    drawn = draw(picture, form=SVG, dark=dark)
    root = Tree.fromstring(drawn)  # noqa: S314  our own
    assert (root.tag, root.get("role")) == (f"{SVG_NAME}svg", "img")
    assert (root.find(f"{SVG_NAME}title").text, root.find(f"{SVG_NAME}desc").text) == (picture.title, picture.text)
    names = {element.tag for element in root.iter()} | {name for element in root.iter() for name in element.attrib}
    assert names & {"style", f"{SVG_NAME}style", f"{SVG_NAME}script", f"{SVG_NAME}metadata"} == set()
    assert drawn.count((DARK if dark else LIGHT).surface.encode()) >= 1


def test_the_same_numbers_give_the_same_drawing():
    assert draw(PICTURES[0], form=SVG) == draw(PICTURES[0], form=SVG)


def test_a_png_is_a_png():
    assert draw(PICTURES[0], form=PNG)[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_colours_can_be_told_from_what_they_stand_on(colours):
    assert min(_contrast(colour, colours.surface) for colour in (colours.now, colours.before)) >= 3
    assert _contrast(colours.ink, colours.surface) >= 4.5


def _contrast(one, other):
    """WCAG 2.2, relative luminance."""

    def luminance(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
