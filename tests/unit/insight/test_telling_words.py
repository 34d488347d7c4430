"""A subject is named by what sets it apart, and never by the words of one."""

from participation.insight.telling_words import names, words_in

LAMPS = [
    (1, "De lantaarn in onze straat is al weken kapot."),
    (2, "Lantaarn kapot bij het station"),
    (3, "Wanneer wordt de kapotte lantaarn gemaakt? Het is donker."),
    (4, "Het is hier zo donker, de lantaarn doet het niet"),
    (5, "Donker fietspad, lantaarn kapot"),
]
DOGS = [
    (6, "Honden lopen los in het park"),
    (7, "Een hond los op het fietspad"),
    (8, "Laat honden niet los in het park"),
    (9, "Honden los, park vies"),
]


def test_a_group_is_named_by_what_sets_it_apart():
    assert names([LAMPS, DOGS]) == [["lantaarn", "donker", "kapot"], ["los", "honden", "park"]]


def test_a_word_of_less_than_three_people_names_nothing():
    shouting = [(1, "Windmolens windmolens windmolens"), (1, "Windmolens!"), (2, "Windmolens"), (3, "Iets anders")]
    assert names([shouting, DOGS])[0] == []


def test_words_that_everybody_writes_tell_nothing():
    group = [(number, "De fontein in het centrum spuit niet") for number in range(4)]
    others = ["Het centrum is vies"] * 200
    assert names([group, DOGS], besides=others)[0][0] == "fontein"


def test_masks_and_small_words_are_left_out():
    assert words_in("Wij van [naam] willen in de [adres] graag een zebra, a.u.b.!") == ["zebra"]
