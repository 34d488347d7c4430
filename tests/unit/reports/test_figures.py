"""What is counted, what is shown of it, and what the tables say together."""

import random

import pytest

from participation.reports.figures import ELSEWHERE, MOST_PLACES, NO_PLACE, Figures, Line, Signal, figures_of

FEWEST = 5
PLACES = ("Oost", "West", "Noord", NO_PLACE)


def said(times: int, theme: str = "verkeer", place: str = "Oost", kind: str = "zorg", start: int = 0) -> list[Signal]:
    """So many people."""
    return [Signal(f"{theme}{place}{start + number}", theme, kind, place) for number in range(times)]


def test_what_is_about_nobody_is_zero_and_what_is_about_few_is_not_told() -> None:
    figures = figures_of(said(9) + said(3, "wonen"), said(6, "wonen"), fewest=FEWEST)
    assert figures.total == Line("totaal", 12, 6)
    assert figures.themes == (Line("wonen", None, 6),)
    assert figures.rest(figures.themes) == Line("rest", 12, 0)


def test_places_with_few_are_not_named_within_a_theme() -> None:
    figures = figures_of(said(20) + said(8, place="West") + said(2, place="Noord"), [], fewest=FEWEST)
    assert figures.places_of["verkeer"] == (Line("Oost", 20),)
    assert figures.places == (Line("Oost", 20, 0),)


def test_places_beyond_the_first_count_together() -> None:
    signals = [one for number in range(MOST_PLACES + 3) for one in said(6, place=f"Wijk {number:02}")]
    figures = figures_of(signals, [], fewest=FEWEST)
    assert len(figures.places) == MOST_PLACES + 1
    assert {line.name: line.now for line in figures.places}[ELSEWHERE] == 18


def test_the_period_before_is_shown_as_its_own_report_showed_it() -> None:
    """Also the places that counted together: other places have most now than then."""
    chance = random.Random(4)  # noqa: S311  a made-up town
    places = [f"Wijk {number:02}" for number in range(MOST_PLACES + 6)]

    def month(favourites: list[str]) -> list[Signal]:
        named = [chance.choice(favourites if chance.random() < 0.8 else places) for _ in range(420)]
        return [
            Signal(f"p{chance.randrange(300)}", chance.choice(("verkeer", "wonen", "groen")), "zorg", place)
            for place in named
        ]

    first, second = month(places[:20]), month(places[8:])
    own, later = figures_of(first, [], fewest=FEWEST), figures_of(second, first, fewest=FEWEST)
    for before, now in ((own.themes, later.themes), (own.places, later.places), (own.kinds, later.kinds)):
        was = {line.name: line.now for line in before}
        assert {line.name: line.before for line in now if line.before} == was
    hidden = [line.name for line in later.places if line.before is None]
    assert set(hidden) & set(places[:20]) == set()
    assert hidden != []


def test_kept_and_read_again_it_is_the_same() -> None:
    figures = figures_of(said(30) + said(7, "wonen", "West", "idee") + said(2, "groen"), said(9), fewest=FEWEST)
    assert Figures.read(figures.kept()) == figures


def test_nothing_told_is_nothing_shown() -> None:
    assert figures_of([], [], fewest=FEWEST) == Figures(Line("totaal", 0, 0), (), (), (), {})


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("fewest", [5, 10])
def test_every_number_and_every_difference_is_about_enough_people(seed: int, fewest: int) -> None:
    """Also of people who say much, so that people and contributions differ."""
    chance = random.Random(seed)  # noqa: S311  a made-up town
    people = [f"p{number}" for number in range(40)]
    now = [
        Signal(
            chance.choice(people),
            chance.choice(("verkeer", "wonen", "groen", "zorg")),
            chance.choice(("zorg", "idee")),
            chance.choice(PLACES),
        )
        for _ in range(chance.randrange(10, 120))
    ]
    figures = figures_of(now, [], fewest=fewest)

    def who(**about: str) -> set[object]:
        return {one.person for one in now if all(getattr(one, name) == value for name, value in about.items())}

    for lines, name in ((figures.themes, "theme"), (figures.places, "place"), (figures.kinds, "kind")):
        for line in lines:
            assert line.now is not None
            assert len(who(**{name: line.name})) >= fewest
        if figures.total.now is not None:
            shown = {line.name for line in lines}
            rest = {one.person for one in now if getattr(one, name) not in shown}
            assert not rest or len(rest) >= fewest
            assert figures.rest(lines).now == sum(getattr(one, name) not in shown for one in now)
    for theme, lines in figures.places_of.items():
        for line in lines:
            assert len(who(theme=theme, place=line.name)) >= fewest
        shown = {line.name for line in lines}
        rest = {one.person for one in now if one.theme == theme and one.place not in shown}
        assert not rest or len(rest) >= fewest
