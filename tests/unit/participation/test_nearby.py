"""Which municipality a point on the map is in."""

import math

import pytest

from participation.language.place_tables import rows
from participation.nearby import FARTHEST_KM, MARGIN_KM, MOST, nearby

MUNICIPALITIES = {row["code"]: row["naam"] for row in rows("gemeenten.csv")}


@pytest.mark.parametrize(
    ("point", "code"),
    [
        ((52.0907, 5.1214), "GM0344"),  # the Dom
        ((52.3731, 4.8922), "GM0363"),  # the Dam
        ((51.9225, 4.4792), "GM0599"),  # Rotterdam, the Coolsingel
        ((52.0799, 4.3113), "GM0518"),  # the Binnenhof
        ((50.8514, 5.6910), "GM0935"),  # Maastricht, the Vrijthof
        ((53.2194, 6.5665), "GM0014"),  # Groningen, the Grote Markt
        ((51.4416, 3.5709), "GM0718"),  # Vlissingen
        ((53.2512, 5.1553), "GM0096"),  # Vlieland, the harbour is further on
    ],
)
def test_in_the_middle_of_a_town_it_comes_first(point: tuple[float, float], code: str) -> None:
    found = nearby(*point)
    assert found[0].municipality_code == code
    assert found[0].km < FARTHEST_KM


def test_each_municipality_has_a_place_of_its_own() -> None:
    """A place that is in the table with the wrong municipality would lead a whole town astray."""
    points = {(float(row["breedte"]), float(row["lengte"])): row["gemeente"] for row in rows("plekken.csv")}
    assert set(points.values()) == MUNICIPALITIES.keys()
    assert all(nearby(*point)[0].municipality_code == code for point, code in points.items())
    assert all(50.7 < north < 53.6 and 3.3 < east < 7.3 for north, east in points)


def test_near_a_border_there_is_a_choice() -> None:
    found = nearby(52.0687, 5.0891)
    assert 1 < len(found) <= MOST
    assert len({one.municipality_code for one in found}) == len(found)
    assert [one.km for one in found] == sorted(one.km for one in found)
    assert found[-1].km <= found[0].km + MARGIN_KM


@pytest.mark.parametrize("point", [(53.9, 3.1), (50.85, 4.35), (0.0, 0.0), (-90.0, 180.0), (math.nan, 5.0)])
def test_elsewhere_there_is_nothing(point: tuple[float, float]) -> None:
    assert nearby(*point) == []
