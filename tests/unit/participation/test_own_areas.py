"""A municipality's own names for its areas, and the sites for its widget: reading what was typed."""

import pytest

from participation.own_areas import AreaUnreadable, area_in, read_areas, written
from participation.widget_sites import SiteUnreadable, read_sites

AREAS = {"Leidsche Rijn": ("LR", "Leidse Rijn"), "Rijn": (), "Zuid": ("Zuidwest",)}


def test_areas_are_read_one_a_line_and_written_as_they_are_read() -> None:
    typed = " Leidsche  Rijn : LR,Leidse Rijn, \n\nRijn\nZuid:Zuidwest"
    assert read_areas(typed) == AREAS
    assert read_areas(written(AREAS)) == AREAS
    assert read_areas(" \n") == {}


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("Zuid\nzuid", "zuid"),
        ("Zuid: Noord\nNoord", "Noord"),
        ("Zuid: zuid", "Zuid: zuid"),
        (": LR", ": LR"),
        ("12", "12"),
        ("x" * 61, "x" * 61),
    ],
)
def test_a_line_that_can_not_be_read_is_named(typed: str, line: str) -> None:
    with pytest.raises(AreaUnreadable) as refused:
        read_areas(typed)
    assert refused.value.line == line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In LEIDSE RIJN is het druk.", "Leidsche Rijn"),
        ("Leidsche Rijn en Zuid", "Leidsche Rijn"),
        ("Zuid en Leidsche Rijn", "Zuid"),
        ("Aan de Rijn.", "Rijn"),
        ("In LR dus.", "Leidsche Rijn"),
        ("blrt en lr", None),
        ("Zuidelijk", None),
        ("Zuidwest is mooi", "Zuid"),
    ],
)
def test_an_area_is_found_by_any_of_its_names_as_whole_words(text: str, expected: str | None) -> None:
    assert area_in(text, AREAS) == expected


def test_sites_are_read_without_their_path_and_each_once() -> None:
    typed = "https://www.Utrecht.nl/raad/\nhttps://www.utrecht.nl https://*.utrecht.example:8443 http://localhost:8000"
    assert read_sites(typed) == ("https://www.utrecht.nl", "https://*.utrecht.example:8443", "http://localhost:8000")
    assert read_sites("") == ()


@pytest.mark.parametrize(
    "typed",
    [
        "utrecht.nl",
        "http://utrecht.nl",
        "https://utrecht",
        "https://a.nl;",
        "*",
        "'self'",
        "https://*",
        "https://a.nl'x",
    ],
)
def test_what_is_no_site_is_refused(typed: str) -> None:
    with pytest.raises(SiteUnreadable):
        read_sites(f"https://goed.example\n{typed}")


def test_no_more_sites_are_taken_than_fit_in_a_header() -> None:
    with pytest.raises(SiteUnreadable):
        read_sites("\n".join(f"https://s{number}.example" for number in range(21)))
