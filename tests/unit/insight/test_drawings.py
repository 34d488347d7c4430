"""A drawing is made once for the same numbers, and anew for others."""

from dataclasses import replace

import pytest

from participation.insight import drawings
from participation.insight.drawings import Drawings
from participation.insight.pictures import BARS, PNG, SVG, Picture, Series

FEW = Picture(BARS, "Berichten", "Er kwam weinig.", ["Verkeer"], [Series("november", [3])])
MORE = replace(FEW, series=[Series("november", [4])])


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Picture, str, bool]]:
    """What was really drawn; each drawing says what of, and is a hundred bytes long."""
    made: list[tuple[Picture, str, bool]] = []

    def draw(picture: Picture, *, form: str, dark: bool) -> bytes:
        made.append((picture, form, dark))
        return f"{picture.series[0].values} {form} {dark}".ljust(100).encode()

    monkeypatch.setattr(drawings, "draw", draw)
    return made


def test_the_same_numbers_are_drawn_once(drawn):
    kept = Drawings()
    assert kept.of(FEW, form=SVG) == kept.of(replace(FEW, labels=list(FEW.labels)), form=SVG)
    assert drawn == [(FEW, SVG, False)]


def test_other_numbers_colours_or_forms_are_another_drawing(drawn):
    kept = Drawings()
    asked = [(FEW, SVG, False), (MORE, SVG, False), (FEW, PNG, False), (FEW, SVG, True)]
    found = {kept.of(picture, form=form, dark=dark) for picture, form, dark in asked * 2}
    assert (len(found), drawn) == (4, asked)


def test_what_was_asked_for_longest_ago_goes_first(drawn):
    kept = Drawings(most_bytes=250)
    for picture in (FEW, MORE, FEW, replace(FEW, title="Derde"), FEW, MORE):
        kept.of(picture, form=SVG)
    assert [picture for picture, _, _ in drawn] == [FEW, MORE, replace(FEW, title="Derde"), MORE]
