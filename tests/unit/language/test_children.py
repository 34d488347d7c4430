"""A writer who says to be a child is heard as one; who tells about a child, or about years, is not."""

import pytest

from participation.language.children import says_to_be_a_child


@pytest.mark.parametrize(
    "text",
    [
        "ik ben 14 en ik vind dat er meer bankjes moeten komen",
        "Ik ben pas 11 jaar. De glijbaan is kapot.",
        "Ik ben twaalf jaar oud",
        "hoi, ik zit in groep 8 en wij willen een skatebaan",
        "Ik ben een meisje van 9, mag er een schommel komen",
        "ik zit in de brugklas en de fietstunnel is eng",
        "Ik ben 13jaar, er is hier niks te doen",
    ],
)
def test_who_says_to_be_a_child_is_one(text: str) -> None:
    assert says_to_be_a_child(text)


@pytest.mark.parametrize(
    "text",
    [
        "ik ben 16 en woon in een gehucht",
        "Ik ben 12 jaar geleden hier komen wonen",
        "ik ben 15 keer gebeld en niemand kwam",
        "Mijn dochter zit in groep 8 en fietst alleen",
        "ik ben 14 dagen ziek geweest",
        "Ik ben 80 en val over de stoep",
        "Ik ben acht jaar lid van de dorpsraad",
        "mijn kind is pas twaalf",
        "Ik ben nu 8 jaar en 3 maanden werkloos",
        "Ik ben 7 en 8 mei niet thuis",
        "Ik ben zes en een halve maand zwanger",
    ],
)
def test_years_and_other_peoples_children_are_none(text: str) -> None:
    assert not says_to_be_a_child(text)
