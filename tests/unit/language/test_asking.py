"""Whether a text asks something: strictly where words are waited for, loosely beside another sign."""

import pytest

from participation.language.asking import asks, may_ask


@pytest.mark.parametrize(
    ("text", "strictly", "loosely"),
    [
        ("wat doet de gemeenteraad", True, True),
        ("en hoe kan ik stemmen", True, True),
        ("De lamp is stuk, mag dat zomaar?", True, True),
        ("is weer stuk", False, True),
        ("waarom is de lamp nog stuk", False, True),
        ("nee, wie weet dat", False, True),
        ("hoe dat kan weet ik niet, maar de lamp is weer stuk", False, True),
        ("De lamp is stuk", False, False),
        ("islam op school", False, False),
    ],
)
def test_what_asks_strictly_also_asks_loosely(text: str, strictly: bool, loosely: bool) -> None:
    assert (asks(text), may_ask(text)) == (strictly, loosely)
