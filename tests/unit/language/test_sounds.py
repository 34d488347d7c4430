"""Words that sound alike look alike; words that do not, do not."""

import pytest

from participation.language.sounds import sound


@pytest.mark.parametrize(
    ("right", "by_ear"),
    [
        ("gemeenteraad", "gemeenteraat"),
        ("wijk", "weik"),
        ("verkiezingen", "ferkiesinge"),
        ("vind", "vint"),
        ("mensen", "mense"),
        ("gemeenschappelijk", "gemeensgappelijk"),
        ("logisch", "logies"),
        ("raadslid", "raadslit"),
        ("ouders", "auders"),
        ("actie", "aktie"),
        ("college", "kollege"),
        ("één", "een"),
    ],
)
def test_spelling_by_ear_sounds_the_same(right: str, by_ear: str) -> None:
    assert right != by_ear
    assert sound(right) == sound(by_ear)


@pytest.mark.parametrize(("one", "other"), [("stem", "steen"), ("raad", "rood"), ("motie", "notie"), ("wet", "wat")])
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert sound(one) != sound(other)


@pytest.mark.parametrize("mark", ["?", "...", "🙂", ""])
def test_what_has_no_letters_has_no_sound(mark: str) -> None:
    assert sound(mark) == ""
