"""What one text says and another does not."""

import pytest

from desk.differences import Part, differences


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("Een twee.", "Een twee.", [Part("gelijk", "Een twee.")]),
        ("", "Nieuw.", [Part("nieuw", "Nieuw.")]),
        ("Oud.", "", [Part("weg", "Oud.")]),
        (
            "U praat vijf minuten.",
            "U praat tien minuten.",
            [Part("gelijk", "U praat "), Part("weg", "vijf"), Part("nieuw", "tien"), Part("gelijk", " minuten.")],
        ),
        (
            "Een.\nTwee.",
            "Een. Twee.",
            [Part("gelijk", "Een."), Part("weg", "\n"), Part("nieuw", " "), Part("gelijk", "Twee.")],
        ),
    ],
)
def test_both_texts_are_told_as_one(before, after, expected):
    assert differences(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after"), [("a b c d", "a c b d"), ("x  y\n\nz", "z y x"), ("één twee", "twee één")]
)
def test_nothing_is_lost(before, after):
    parts = differences(before, after)
    assert "".join(part.text for part in parts if part.kind != "nieuw") == before
    assert "".join(part.text for part in parts if part.kind != "weg") == after
